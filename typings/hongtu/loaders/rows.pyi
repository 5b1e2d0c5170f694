from loaders.rows import *
