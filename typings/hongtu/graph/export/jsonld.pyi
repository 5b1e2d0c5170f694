from graph.export.jsonld import *
