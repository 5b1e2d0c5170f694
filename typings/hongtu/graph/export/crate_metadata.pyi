from graph.export.crate_metadata import *
