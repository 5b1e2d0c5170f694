"""Reading a plan's text: from characters to the records that tables hold too.

The text is normalised (:mod:`~hongtu.loaders.extraction.normal`), cut into sections, sentences and clauses
(:mod:`~hongtu.loaders.extraction.outline`); names are proposed and weighed
(:mod:`~hongtu.loaders.extraction.mentions`), figures read (:mod:`~hongtu.loaders.extraction.figures`), and tied
together (:mod:`~hongtu.loaders.extraction.relations`). All word lists are in ``lexicon.toml``.
"""

from hongtu.loaders.extraction.reader import extract

__all__ = ["extract"]
