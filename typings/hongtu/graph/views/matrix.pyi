from graph.views.matrix import *
