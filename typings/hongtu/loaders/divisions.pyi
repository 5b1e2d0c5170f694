from loaders.divisions import *
