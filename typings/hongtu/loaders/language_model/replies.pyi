from loaders.language_model.replies import *
