from loaders.language_model import *
