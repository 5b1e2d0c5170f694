from graph.rewriting import *
