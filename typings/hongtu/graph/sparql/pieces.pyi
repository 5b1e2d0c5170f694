from graph.sparql.pieces import *
