from graph.plots import *
