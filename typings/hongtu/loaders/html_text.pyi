from loaders.html_text import *
