from graph.views.plots import *
