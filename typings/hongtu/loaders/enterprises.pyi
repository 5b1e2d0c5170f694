from loaders.enterprises import *
