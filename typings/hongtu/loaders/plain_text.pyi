from loaders.plain_text import *
