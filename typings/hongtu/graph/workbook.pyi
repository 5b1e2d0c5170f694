from graph.workbook import *
