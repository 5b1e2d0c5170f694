from loaders.targets import *
