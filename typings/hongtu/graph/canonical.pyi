from graph.canonical import *
