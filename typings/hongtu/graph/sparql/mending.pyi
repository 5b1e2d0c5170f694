from graph.sparql.mending import *
