from loaders.extraction.horizon import *
