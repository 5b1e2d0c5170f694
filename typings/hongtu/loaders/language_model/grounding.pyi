from loaders.language_model.grounding import *
