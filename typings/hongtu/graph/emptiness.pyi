from graph.emptiness import *
