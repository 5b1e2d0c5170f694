from loaders.extraction.indicators import *
