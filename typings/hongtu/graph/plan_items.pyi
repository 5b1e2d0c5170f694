from graph.plan_items import *
