from graph.breaks import *
