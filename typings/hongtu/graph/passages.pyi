from graph.passages import *
