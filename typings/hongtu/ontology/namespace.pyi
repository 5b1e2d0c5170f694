from ontology.namespace import *
