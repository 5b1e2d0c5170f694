from graph.magic import *
