from loaders.extraction.scope import *
