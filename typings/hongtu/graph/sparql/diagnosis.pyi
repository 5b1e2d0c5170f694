from graph.sparql.diagnosis import *
