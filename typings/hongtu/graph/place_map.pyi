from graph.place_map import *
