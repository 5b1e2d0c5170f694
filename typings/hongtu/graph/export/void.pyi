from graph.export.void import *
