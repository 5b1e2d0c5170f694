from graph.sparql.evaluator import *
