from graph.endpoint import *
