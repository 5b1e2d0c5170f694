from loaders.iris import *
