from graph.export.tables import *
