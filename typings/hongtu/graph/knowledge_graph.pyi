from graph.knowledge_graph import *
