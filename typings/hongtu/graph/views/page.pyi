from graph.views.page import *
