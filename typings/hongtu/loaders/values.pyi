from loaders.values import *
