from graph.export.rdf import *
