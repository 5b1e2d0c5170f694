from loaders.doccano import *
