from loaders.tables import *
