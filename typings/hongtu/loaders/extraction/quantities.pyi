from loaders.extraction.quantities import *
