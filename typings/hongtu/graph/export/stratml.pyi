from graph.export.stratml import *
