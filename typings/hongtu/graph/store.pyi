from graph.store import *
