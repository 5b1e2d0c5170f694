from loaders.errors import *
