from graph.views.table import *
