from graph.jupyter import *
