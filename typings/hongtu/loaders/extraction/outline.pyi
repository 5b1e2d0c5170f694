from loaders.extraction.outline import *
