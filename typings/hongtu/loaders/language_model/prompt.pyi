from loaders.language_model.prompt import *
