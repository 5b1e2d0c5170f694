from graph.export.networks import *
