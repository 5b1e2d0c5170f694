from graph.contexts import *
