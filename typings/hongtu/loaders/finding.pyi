from loaders.finding import *
