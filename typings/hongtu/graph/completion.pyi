from graph.completion import *
