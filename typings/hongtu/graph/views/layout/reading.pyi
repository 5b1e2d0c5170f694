from graph.views.layout.reading import *
