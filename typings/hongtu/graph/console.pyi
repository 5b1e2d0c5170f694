from graph.console import *
