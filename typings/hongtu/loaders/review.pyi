from loaders.review import *
