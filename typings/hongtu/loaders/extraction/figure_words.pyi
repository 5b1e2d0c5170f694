from loaders.extraction.figure_words import *
