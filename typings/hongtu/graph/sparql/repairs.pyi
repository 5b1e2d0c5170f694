from graph.sparql.repairs import *
