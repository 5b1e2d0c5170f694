"""SPARQL texts understood: bound, mended, explained, drawn from, and evaluated where they can be stopped."""
