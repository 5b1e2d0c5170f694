from graph.sparql.worker import *
