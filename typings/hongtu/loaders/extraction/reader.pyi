from loaders.extraction.reader import *
