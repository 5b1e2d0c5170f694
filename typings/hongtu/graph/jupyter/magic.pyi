from graph.jupyter.magic import *
