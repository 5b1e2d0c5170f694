from graph.vocabulary import *
