from graph.export.xml_text import *
