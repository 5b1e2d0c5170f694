from graph.coordinates import *
