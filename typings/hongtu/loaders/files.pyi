from loaders.files import *
