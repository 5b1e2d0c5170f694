from loaders.extraction.normal import *
