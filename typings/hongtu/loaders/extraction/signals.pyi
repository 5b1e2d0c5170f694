from loaders.extraction.signals import *
