from loaders.extraction.tagger import *
