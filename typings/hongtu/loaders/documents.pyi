from loaders.documents import *
