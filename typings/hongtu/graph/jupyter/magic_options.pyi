from graph.jupyter.magic_options import *
