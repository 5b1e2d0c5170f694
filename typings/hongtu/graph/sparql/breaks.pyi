from graph.sparql.breaks import *
