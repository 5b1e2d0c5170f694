from graph.views.drawing import *
