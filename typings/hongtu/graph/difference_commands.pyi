from graph.difference_commands import *
