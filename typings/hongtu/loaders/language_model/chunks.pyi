from loaders.language_model.chunks import *
