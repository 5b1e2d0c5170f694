from graph.validation.screens import *
