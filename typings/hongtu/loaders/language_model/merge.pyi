from loaders.language_model.merge import *
