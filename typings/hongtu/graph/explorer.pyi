from graph.explorer import *
