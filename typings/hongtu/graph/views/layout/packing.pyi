from graph.views.layout.packing import *
