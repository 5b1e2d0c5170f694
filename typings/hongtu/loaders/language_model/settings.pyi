from loaders.language_model.settings import *
