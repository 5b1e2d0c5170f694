from loaders.vocabulary import *
