from graph.pattern import *
