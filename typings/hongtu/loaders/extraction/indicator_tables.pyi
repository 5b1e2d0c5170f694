from loaders.extraction.indicator_tables import *
