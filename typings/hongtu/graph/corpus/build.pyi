from graph.corpus.build import *
