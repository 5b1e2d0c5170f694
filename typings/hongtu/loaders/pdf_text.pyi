from loaders.pdf_text import *
