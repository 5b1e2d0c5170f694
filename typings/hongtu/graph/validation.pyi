from graph.validation import *
