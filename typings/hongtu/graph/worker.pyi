from graph.worker import *
