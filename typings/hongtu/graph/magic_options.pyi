from graph.magic_options import *
