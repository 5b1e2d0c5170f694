"""The optional reader: any OpenAI-compatible chat endpoint reads after the rules, and adds what it can prove.

The rules read first. Then the plan goes to the model in pieces
(:mod:`~hongtu.loaders.language_model.chunks`), each with what the rules found there
(:mod:`~hongtu.loaders.language_model.prompt`); the model names what is missing or wrong
(:mod:`~hongtu.loaders.language_model.answer`). Only what stands in the plan, character for character, is taken
(:mod:`~hongtu.loaders.language_model.grounding`), and with a lower confidence
(:mod:`~hongtu.loaders.language_model.merge`). A piece that gets no answer keeps what the rules found.

Nothing here is needed to read a plan, and nothing but :meth:`LanguageModelExtractor.extract` opens a socket::

    settings = ModelSettings(model="some-model", url="http://127.0.0.1:11434/v1")
    extractor = LanguageModelExtractor(settings, hongtu.loaders.extraction)
    print(extractor.estimate(text, "青禾县规划"))  # no call is made
    tables = extractor.extract(text, "青禾县规划")
    print(extractor.report)
"""

from hongtu.loaders.language_model.extractor import Estimate, Extractor, LanguageModelExtractor, Report
from hongtu.loaders.language_model.settings import ModelSettings

__all__ = ["Estimate", "Extractor", "LanguageModelExtractor", "ModelSettings", "Report"]
