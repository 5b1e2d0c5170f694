from graph.layout import *
