from graph.cli import *
