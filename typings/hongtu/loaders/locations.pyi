from loaders.locations import *
