from loaders.label_studio import *
