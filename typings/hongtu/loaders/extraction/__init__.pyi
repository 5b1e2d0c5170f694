from loaders.extraction import *
