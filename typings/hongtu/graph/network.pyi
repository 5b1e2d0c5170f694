from graph.network import *
