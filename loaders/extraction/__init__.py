"""Reading a plan's text: from characters to the records that tables hold too.

The text is normalised (:mod:`~hongtu.loaders.extraction.normal`), cut into sections, sentences and clauses
(:mod:`~hongtu.loaders.extraction.outline`); names are found (:mod:`~hongtu.loaders.extraction.tagger`) and gathered to
things (:mod:`~hongtu.loaders.extraction.entities`), figures read (:mod:`~hongtu.loaders.extraction.figures`), and things
tied together (:mod:`~hongtu.loaders.extraction.relations`). The word lists are TOML files beside the modules.
"""

from hongtu.loaders.extraction.reader import extract

__all__ = ["extract"]
