from loaders.language_model.endpoint import *
