from loaders.packaged import *
