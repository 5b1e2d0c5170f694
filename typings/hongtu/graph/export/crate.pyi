from graph.export.crate import *
