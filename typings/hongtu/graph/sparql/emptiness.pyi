from graph.sparql.emptiness import *
