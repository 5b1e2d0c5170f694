from graph.jupyter.completion import *
