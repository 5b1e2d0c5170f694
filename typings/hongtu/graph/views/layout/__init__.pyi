from graph.views.layout import *
