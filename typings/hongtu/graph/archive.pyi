from graph.archive import *
