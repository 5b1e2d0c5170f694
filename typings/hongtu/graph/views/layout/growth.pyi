from graph.views.layout.growth import *
