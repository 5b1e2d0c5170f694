"""Contexts of JSON-LD: Hongtu's own stands in the package, no other is fetched.

A context that a file only names (``"@context": "https://…"``) is a document on the web. Loading works offline and gives
the same result tomorrow, so that the published Hongtu context is put in from the package, and any other is refused.
"""

import json
from typing import Any

from hongtu.loaders.errors import InputError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import CONTEXT, read_context


def with_contexts(content: bytes, name: str) -> bytes:
    """Return a JSON-LD document in which the published Hongtu context is written out.

    :param name: of the file, for messages.
    :return: the content as it was when it names no context.
    :raises InputError: when a context is named that would have to be fetched.
    :raises ValueError: when the content is no JSON (:exc:`json.JSONDecodeError`), or in no encoding of JSON.
    """
    document = json.loads(content)
    remote = sorted(set(_named(document)) - {CONTEXT})
    if remote:
        raise InputError(
            say(
                f"{name}：@context 指向 {', '.join(remote)}，不会从网上取；把该文件里 @context 的内容直接写进来，"
                f"或改用 {CONTEXT}",
                f"{name}: its @context is {', '.join(remote)}, and nothing is fetched from the web; write out the content "
                f"of that document's @context in its place, or use {CONTEXT}",
            )
        )
    if CONTEXT.encode() not in content.replace(b"\\/", b"/"):
        return content
    return json.dumps(_written_out(document, read_context()), ensure_ascii=False).encode()


def _named(node: Any) -> list[str]:
    """Return the contexts that a document names, those within contexts as well."""
    if isinstance(node, list):
        return [name for item in node for name in _named(item)]
    if not isinstance(node, dict):
        return []
    names = []
    for key, value in node.items():
        if key in ("@context", "@import"):
            names += [
                item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)
            ]
        names += _named(value)
    return names


def _written_out(node: Any, own: Any) -> Any:
    if isinstance(node, list):
        return [_written_out(item, own) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _context(value, own) if key == "@context" else _written_out(value, own)
        for key, value in node.items()
    }


def _context(value: Any, own: Any) -> Any:
    if isinstance(value, list):
        return [_context(item, own) for item in value]
    return own if value == CONTEXT else _written_out(value, own)
