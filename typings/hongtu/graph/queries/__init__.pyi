from graph.queries import *
