from loaders.extraction.gbt import *
