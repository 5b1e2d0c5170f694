from graph.views.layout.cells import *
