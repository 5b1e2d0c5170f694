from graph.matrix import *
