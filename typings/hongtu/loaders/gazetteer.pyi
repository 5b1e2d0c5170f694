from loaders.gazetteer import *
