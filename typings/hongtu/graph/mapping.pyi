from graph.mapping import *
