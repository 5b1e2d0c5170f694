from loaders.columns import *
