from loaders.patch import *
