from loaders.extraction.mentions import *
