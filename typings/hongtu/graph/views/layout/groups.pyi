from graph.views.layout.groups import *
