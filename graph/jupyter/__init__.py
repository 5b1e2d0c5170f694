"""The notebook: ``%%sparql``, its completion, and the form of ready questions."""
