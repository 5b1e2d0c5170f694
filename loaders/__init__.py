"""From tables and the text of a plan to records, and from records to RDF triples."""
