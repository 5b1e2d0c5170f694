from loaders.projects import *
