from loaders.plans import *
