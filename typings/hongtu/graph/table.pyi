from graph.table import *
