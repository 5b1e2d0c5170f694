from graph.pieces import *
