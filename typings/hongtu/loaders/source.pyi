from loaders.source import *
