from graph.blank_nodes import *
