from loaders.word_text import *
