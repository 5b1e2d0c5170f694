from graph.files import *
