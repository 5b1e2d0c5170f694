from graph.tokens import *
