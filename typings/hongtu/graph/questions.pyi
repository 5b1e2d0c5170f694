from graph.questions import *
