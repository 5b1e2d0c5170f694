from loaders.extraction.figures import *
