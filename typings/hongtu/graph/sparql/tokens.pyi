from graph.sparql.tokens import *
