from graph.validation.shacl import *
