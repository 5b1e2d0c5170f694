from graph.compare import *
