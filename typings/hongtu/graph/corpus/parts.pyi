from graph.corpus.parts import *
