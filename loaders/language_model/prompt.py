"""Requests: what the model is asked about a piece of a plan, and in which form it must answer."""

import hashlib
import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from hongtu.loaders.extraction.lexicon import read_toml
from hongtu.loaders.extraction.mentions import KINDS
from hongtu.loaders.extraction.normal import NormalText
from hongtu.loaders.language_model.chunks import Chunk
from hongtu.loaders.language_model.settings import ModelSettings
from hongtu.loaders.source import PlanTables
from hongtu.loaders.targets import COMPARATORS, ROLES

PREDICATES = ("undertakes", "operatesIn", "inIndustry", "locatedIn", "within", "partnersWith")
"""The predicates that a model is asked for: those that single sentences state, not the plan's build."""

Request = Mapping[str, Any]
"""The body of a request as JSON, but for the form of its answer."""


def _items(fields: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    properties = {
        name: {"type": "string", "enum": list(words)} if words else {"type": "string"}
        for name, words in fields.items()
    }
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": list(fields),
            "additionalProperties": False,
        },
    }


FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "entities": {"kind": KINDS, "name": (), "quote": ()},
    "relations": {"subject": (), "predicate": PREDICATES, "object": (), "quote": ()},
    "figures": {
        "indicator": (),
        "value": (),
        "unit": (),
        "verbatim": (),
        "year": (),
        "comparator": COMPARATORS,
        "role": ROLES,
        "quote": (),
    },
    "wrong": {"kind": KINDS, "name": ()},
}
"""The lists of an answer, the fields of their items, and the words that a field may have; all are strings."""

SCHEMA = {
    "type": "object",
    "properties": {name: _items(fields) for name, fields in FIELDS.items()},
    "required": list(FIELDS),
    "additionalProperties": False,
}
"""The JSON Schema of an answer, in the subset that strict structured output allows."""


@cache
def _wording() -> dict[str, Any]:
    return read_toml("hongtu.loaders.language_model", "prompt.toml")


def request(settings: ModelSettings, tables: PlanTables, view: NormalText, chunk: Chunk) -> Request:
    """Return the request for a piece of a plan, with what ``tables`` hold of it."""
    names = {
        kind: [
            entity.name
            for entity in tables.entities
            if entity.kind == kind and chunk.holds(entity.evidence, view)
        ]
        for kind in KINDS
    }
    edges = [
        f"{edge.subject.name} {edge.predicate} {edge.object.name}"
        for edge in tables.edges
        if edge.predicate in PREDICATES and chunk.holds(edge.evidence, view)
    ]
    targets = [figure.target for figure in tables.figures if chunk.holds(figure.target.evidence, view)]
    user = _wording()["user"].format(
        title=tables.plan.title,
        first_year=tables.plan.first_year,
        last_year=tables.plan.last_year,
        home=tables.plan.home,
        path=" › ".join(chunk.path) or "开头",
        names="\n".join(f"{kind}：{'、'.join(found)}" for kind, found in names.items() if found) or "无",
        edges="；".join(edges) or "无",
        figures="；".join(f"{target.indicator} {target.verbatim} {target.year}" for target in targets)
        or "无",
        text=view.text[chunk.start : chunk.end],
    )
    body = {
        "model": settings.model,
        "messages": [
            {"role": "system", "content": _wording()["system"].strip()},
            {"role": "user", "content": user.strip()},
        ],
        "temperature": 0,
        "seed": settings.seed,
        "max_tokens": settings.max_tokens,
        **settings.options,
    }
    return {name: value for name, value in body.items() if value is not None}


def request_key(request: Request) -> str:
    """Return the digest under which the reply to a request is kept: the same wherever it is sent."""
    asked = {"version": _wording()["version"], "schema": SCHEMA, "request": request}
    canonical = json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def count_tokens(text: str) -> int:
    """Return about how many tokens a text has, rather more than fewer.

    One for a Chinese character, one for three ASCII characters: what the vocabularies of present models need is
    0.6 to 1 and 1 for 4.

    >>> count_tokens("发展GDP"), count_tokens("")
    (3, 0)
    """
    plain = sum(map(str.isascii, text))
    return len(text) - plain + math.ceil(plain / 3)


def prompt_tokens(request: Request) -> int:
    """Return about how many tokens a request has, with the schema of its answer."""
    return count_tokens(json.dumps(SCHEMA)) + sum(
        count_tokens(message["content"]) for message in request["messages"]
    )
