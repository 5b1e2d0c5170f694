from graph.jupyter.question_form import *
