from graph.export.neo4j import *
