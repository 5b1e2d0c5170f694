from graph.text_commands import *
