"""IRIs of the things of a plan: readable, stable, the same for the same name.

All lie below ``https://w3id.org/hongtu/id/``: ``<plan>/project/乾峰大桥``. Things of two plans never share an IRI;
that two plans speak of the same enterprise is a statement of its own.
"""

import hashlib
import re

from hongtu.loaders.records import Reference, Span
from hongtu.ontology.namespace import GBT, GBT2260, ID

# All but what RFC 3987, section 2.2, allows in a path segment (ipchar); its blanks are escaped too.
_PLANES = "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
_ESCAPED = re.compile(
    r"\s|[^A-Za-z0-9._~!$&'()*+,;=:@\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U000e1000-\U000efffd"
    + _PLANES
    + "-]"
)


def segment(name: str) -> str:
    """Return a name as one segment of an IRI: blanks become ``_``, what is not allowed is percent-encoded.

    >>> segment("国道 G341"), segment('"金融+"服务')
    ('国道_G341', '%22金融+%22服务')
    """

    def escape(match: re.Match[str]) -> str:
        character = match.group()
        return "_" if character.isspace() else "".join(f"%{byte:02X}" for byte in character.encode())

    return _ESCAPED.sub(escape, name.strip())


def plan_iri(slug: str) -> str:
    """Return the IRI of a plan, which also names the plan's graph.

    >>> plan_iri("洪洞县十四五规划")
    'https://w3id.org/hongtu/id/洪洞县十四五规划'
    """
    return f"{ID}{segment(slug)}"


def thing_iri(plan: str, thing: Reference) -> str:
    """Return the IRI of a thing of the plan with the IRI ``plan``; the plan itself for the kind ``Plan``.

    >>> thing_iri(plan_iri("洪洞县十四五规划"), Reference("Enterprise", "华翔集团"))
    'https://w3id.org/hongtu/id/洪洞县十四五规划/enterprise/华翔集团'
    """
    return plan if thing.kind == "Plan" else f"{plan}/{thing.kind.lower()}/{segment(thing.name)}"


def passage_iri(plan: str, span: Span) -> str:
    """Return the IRI of a passage."""
    return f"{plan}/passage/{span.start}-{span.end}"


def is_passage_iri(iri: str) -> bool:
    """Tell whether an IRI is that of a passage.

    >>> is_passage_iri(passage_iri(plan_iri("洪洞县十四五规划"), Span(1, 2, 5)))
    True
    """
    return iri.startswith(ID) and "/passage/" in iri


def claim_iri(plan: str, subject: str, predicate: str, object_: str) -> str:
    """Return the IRI of the claim of an edge: one per edge of a plan, however many passages make it."""
    digest = hashlib.sha256(f"{subject} {predicate} {object_}".encode()).hexdigest()
    return f"{plan}/claim/{digest[:16]}"


def industry_concept_iri(code: str) -> str:
    """Return the IRI of a section, division or group of GB/T 4754-2017.

    >>> industry_concept_iri("C25")
    'https://w3id.org/hongtu/id/gbt4754-2017/C25'
    """
    return f"{GBT}{code}"


def division_iri(code: str) -> str:
    """Return the IRI of an administrative division by its six digits (GB/T 2260).

    >>> division_iri("141024")
    'https://w3id.org/hongtu/id/gbt2260/141024'
    """
    return f"{GBT2260}{code}"
