from loaders.extraction.lexicon import *
