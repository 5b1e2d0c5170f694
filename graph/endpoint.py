"""A remote SPARQL 1.1 endpoint, asked over HTTP with nothing but the standard library.

Answers come back as the same pyoxigraph objects that the embedded store gives, so callers need not know which it is.
"""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from hongtu.loaders.errors import StoreError
from hongtu.loaders.language import say
from hongtu.ontology.namespace import PREFIXES

# IRIs, strings and comments may hold braces; what is left opens a pattern.
_TOKEN = re.compile(r"""<[^<>"{}|^`\\\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\n]*|\{""")
_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"

Term = ox.NamedNode | ox.Literal
Answer = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 query endpoint (https://www.w3.org/TR/sparql11-protocol/). ``timeout`` is in seconds."""

    url: str
    timeout: float = 60.0

    def query(self, sparql: str, bindings: Mapping[str, Term]) -> Answer:
        """Send a query by POST and return its answer.

        :raises StoreError: when the endpoint does not answer, or answers with an error, which is shown as it is.
        """
        body = urllib.parse.urlencode({"query": bind(declare_prefixes(sparql), bindings)}).encode()
        request = urllib.request.Request(self.url, body, {"Accept": _ACCEPT})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                content, kind = response.read(), response.headers.get_content_type()
        except urllib.error.HTTPError as error:
            reply = error.read(2000).decode("utf-8", "replace").strip()
            raise StoreError(f"{self.url}: HTTP {error.code}\n{reply}") from error
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise StoreError(
                say(
                    f"{self.url}：没有应答（{reason}）；检查地址，或加大 timeout",
                    f"{self.url}: no answer ({reason}); check the address, or give a longer timeout",
                )
            ) from error
        try:
            if kind == "application/sparql-results+json":
                return ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
            triples = ox.parse(content, format=ox.RdfFormat.N_TRIPLES)
            return iter([quad.triple for quad in triples])
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                say(
                    f"{self.url}：应答不是 SPARQL 结果（{kind}）",
                    f"{self.url}: the answer is no SPARQL result ({kind})",
                )
            ) from error


def declare_prefixes(sparql: str) -> str:
    """Return the query with the known prefixes declared before it; its own declarations come later and win.

    >>> declare_prefixes("ASK {}").startswith("PREFIX ht: <https://w3id.org/hongtu/ontology#>")
    True
    """
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + sparql


def bind(sparql: str, bindings: Mapping[str, Term]) -> str:
    """Return the query with values for its variables, as a ``VALUES`` block at the head of its pattern.

    The terms are written in the syntax of SPARQL (https://www.w3.org/TR/sparql11-query/#inline-data), so that no
    value can end the block. The pattern begins at the first brace outside of IRIs, strings and comments.

    >>> print(bind("ASK { ?s ?p ?o }", {"o": ox.Literal('"} #')}))
    ASK { VALUES (?o) { ("\\"} #") } ?s ?p ?o }
    """
    if not bindings:
        return sparql
    names = " ".join(f"?{name}" for name in bindings)
    values = " ".join(str(term) for term in bindings.values())
    at = _pattern_start(sparql)
    return f"{sparql[:at]} VALUES ({names}) {{ ({values}) }}{sparql[at:]}"


def _pattern_start(sparql: str) -> int:
    """Return the offset behind the brace that opens the query's pattern; behind the text when there is none."""
    for token in _TOKEN.finditer(sparql):
        if token.group() == "{":
            return token.end()
    return len(sparql)
