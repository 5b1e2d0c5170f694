from loaders.extraction.surroundings import *
