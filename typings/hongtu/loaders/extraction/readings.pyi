from loaders.extraction.readings import *
