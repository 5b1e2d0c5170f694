from loaders.language import *
