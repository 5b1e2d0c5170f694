from loaders.extraction.relations import *
