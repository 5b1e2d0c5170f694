from graph.corpus import *
