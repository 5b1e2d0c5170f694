from graph.sparql.pattern import *
