from graph.difference import *
