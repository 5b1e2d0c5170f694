from graph.validation.view import *
