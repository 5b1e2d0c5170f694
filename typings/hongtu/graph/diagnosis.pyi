from graph.diagnosis import *
