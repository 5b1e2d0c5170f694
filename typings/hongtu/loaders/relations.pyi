from loaders.relations import *
