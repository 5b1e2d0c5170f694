from graph.rdf_input import *
