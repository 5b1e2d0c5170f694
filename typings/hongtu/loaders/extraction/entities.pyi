from loaders.extraction.entities import *
