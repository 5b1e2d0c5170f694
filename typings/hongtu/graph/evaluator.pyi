from graph.evaluator import *
