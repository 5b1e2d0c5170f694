from graph.terms import *
