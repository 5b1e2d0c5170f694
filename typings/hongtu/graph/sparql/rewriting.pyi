from graph.sparql.rewriting import *
