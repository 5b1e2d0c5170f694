from loaders.plan_text import *
