from graph.page import *
