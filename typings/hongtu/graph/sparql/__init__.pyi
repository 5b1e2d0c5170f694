from graph.sparql import *
