from loaders.language_model.extractor import *
