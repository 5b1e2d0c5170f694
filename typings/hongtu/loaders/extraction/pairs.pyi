from loaders.extraction.pairs import *
