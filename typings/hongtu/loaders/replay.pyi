from loaders.replay import *
