from loaders.industries import *
