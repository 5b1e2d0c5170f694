from graph.corpus.command import *
