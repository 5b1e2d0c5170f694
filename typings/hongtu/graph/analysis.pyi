from graph.analysis import *
