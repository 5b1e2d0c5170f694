from graph.thing import *
