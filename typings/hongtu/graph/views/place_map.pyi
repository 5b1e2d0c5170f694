from graph.views.place_map import *
