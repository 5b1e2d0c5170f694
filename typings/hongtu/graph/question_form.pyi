from graph.question_form import *
