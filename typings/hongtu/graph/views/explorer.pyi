from graph.views.explorer import *
