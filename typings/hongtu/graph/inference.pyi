from graph.inference import *
