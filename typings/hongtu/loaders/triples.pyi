from loaders.triples import *
