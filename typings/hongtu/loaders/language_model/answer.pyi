from loaders.language_model.answer import *
