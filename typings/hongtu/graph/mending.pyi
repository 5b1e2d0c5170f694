from graph.mending import *
