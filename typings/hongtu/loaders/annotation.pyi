from loaders.annotation import *
