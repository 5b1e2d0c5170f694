from graph.views.explorer_data import *
