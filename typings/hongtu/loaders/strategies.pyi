from loaders.strategies import *
