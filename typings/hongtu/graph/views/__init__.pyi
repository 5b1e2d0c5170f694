from graph.views import *
