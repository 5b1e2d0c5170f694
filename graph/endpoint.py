"""A remote SPARQL 1.1 endpoint, asked over HTTP with nothing but the standard library.

Answers come back as the same pyoxigraph objects that the embedded store gives, so callers need not know which it is.
What servers do and a store does not is seen to here: they cut long answers without a word, are busy for a moment,
want to know who asks, and say in HTML what went wrong.
"""

import email.utils
import gzip
import html
import json
import re
import time
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from http.client import HTTPException, IncompleteRead
from itertools import islice
from typing import Any, NamedTuple
from urllib import request
from urllib.error import HTTPError

import pyoxigraph as ox
from rdflib import XSD

from hongtu.graph.sparql.rewriting import Outline, Value, bind, declare_prefixes
from hongtu.loaders.errors import StoreError, UsageError
from hongtu.loaders.language import say

_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples, text/turtle;q=0.5"
_BOOLEAN = str(XSD.boolean)
_MARKUP = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_BUSY = (429, 502, 503, 504)
_ATTEMPTS = 4
_CHUNK = 1 << 16

Answer = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 query endpoint (https://www.w3.org/TR/sparql11-protocol/).

    Queries mean the union of all graphs. Virtuoso takes it so; ``oxigraph serve`` and others need to be told, in
    the address (``http://…/query?union-default-graph``) or when they are started.

    :param url: of the query service, ``http://`` or ``https://``, without user and password in it.
    :param timeout: seconds that a query may take in all, with its retries and pages.
    :param user: with ``password``, given when the server asks, by HTTP digest or basic authentication.
    :param token: sent as bearer token with every request.
    :raises UsageError: when the URL carries a password, or the token holds what a header cannot.
    """

    url: str
    timeout: float = field(default=60.0, kw_only=True)
    user: str | None = field(default=None, kw_only=True)
    password: str | None = field(default=None, kw_only=True, repr=False)
    token: str | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        """Refuse secrets that would end up in a message."""
        parts = urllib.parse.urlsplit(self.url)
        if "@" in parts.netloc:
            raise UsageError(
                say(
                    f"{parts.hostname}：地址里不要写用户名和密码；用 user= 和 password= 给",
                    f"{parts.hostname}: no user and password in the address; give them as user= and password=",
                )
            )
        if self.token is not None and not (self.token.isascii() and self.token.isprintable()):
            raise UsageError(
                say(
                    "token 里有换行或非 ASCII 字符；复制时再核对一次",
                    "the token has a line break or characters beyond ASCII; check how it was copied",
                )
            )

    def query(
        self,
        sparql: str,
        bindings: Mapping[str, Value],
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Answer:
        """Send a query by POST and return its whole answer.

        Virtuoso cuts an answer at its ``ResultSetMaxRows``, other servers at a round number of rows. Where that may
        be so, the server is asked how many rows there are, and for these page by page, sorted as the query says and
        then by the columns; each page begins with the last row of the one before, so that none is lost or doubled.
        A CONSTRUCT or DESCRIBE that a server other than Virtuoso cuts cannot be told from a whole one.

        :param timeout: seconds for the whole answer, with retries and pages; ``None`` for the endpoint's.
        :param limit: at most so many rows (SELECT) or triples (CONSTRUCT, DESCRIBE); ``None`` for all.
        :raises StoreError: when the endpoint does not answer in time, answers with an error, which is shown as it
            is, or gives only a part of the answer.
        """
        seconds = self.timeout if timeout is None else timeout
        conversation = _Conversation(self, seconds, time.monotonic() + seconds)
        outline = Outline.of(bind(declare_prefixes(sparql), bindings))
        if outline.form in ("CONSTRUCT", "DESCRIBE"):
            return islice(conversation.triples(outline), limit)
        if outline.form == "ASK":
            return conversation.truth(outline)
        if limit is not None:
            outline = replace(outline, most=limit if outline.most is None else min(limit, outline.most))
        return conversation.solutions(outline)


class _Reply(NamedTuple):
    """What a server answered."""

    headers: Message
    content: bytes

    @property
    def cut(self) -> bool:
        """Whether Virtuoso says that the answer reached its limit."""
        return "X-SPARQL-MaxRows" in self.headers


class _Table(NamedTuple):
    """The answer to a SELECT as its JSON says it (https://www.w3.org/TR/sparql11-results-json/)."""

    variables: list[str]
    rows: list[dict[str, Any]]

    @classmethod
    def of(cls, document: dict[str, Any]) -> "_Table":
        table = cls(document["head"]["vars"], document["results"]["bindings"])
        for row in table.rows:
            for term in row.values():
                # Virtuoso writes nodeID://b1, which is no label of a blank node, and 1 for true.
                if term["type"] == "bnode":
                    term["value"] = re.sub(r"\W", "", term["value"])
                elif term.get("datatype") == _BOOLEAN:
                    term["value"] = {"0": "false", "1": "true"}.get(term["value"], term["value"])
        return table


class _RefusedError(StoreError):
    """The server says that it cannot answer this query."""


@dataclass(frozen=True)
class _Conversation:
    """The requests that one query takes, until ``deadline``."""

    endpoint: Endpoint
    seconds: float
    deadline: float

    # What is asked

    def solutions(self, outline: Outline) -> ox.QuerySolutions:
        """Return all rows of a SELECT."""
        try:
            reply = self._ask(str(outline), _JSON)
        except _RefusedError as error:
            # Virtuoso does not sort more than 10,000 rows for a LIMIT; it does give them in pages.
            if "SR353" not in str(error):
                raise
            head = self._table(self._ask(outline.nested("SELECT * ", outline, most=0), _JSON))
            return self._solutions(self._pages(outline, head.variables))
        table = self._table(reply)
        number = len(table.rows)
        doubtful = reply.cut or (number > 0 and (number % 100 == 0 or number % 1024 == 0))
        if doubtful and number != outline.most and number != self._count(outline):
            table = self._pages(outline, table.variables)
        return self._solutions(table)

    def truth(self, outline: Outline) -> ox.QueryBoolean:
        """Return the answer to an ASK."""
        reply = self._ask(str(outline), _JSON)
        document = self._document(reply)
        if "boolean" not in document:
            # Virtuoso gives a table with one cell.
            rows = self._table(reply).rows
            document = {
                "head": {},
                "boolean": [row["__ASK_RETVAL"]["value"] for row in rows] in (["1"], ["true"]),
            }
        answer = ox.parse_query_results(json.dumps(document), ox.QueryResultsFormat.JSON)
        assert isinstance(answer, ox.QueryBoolean)
        return answer

    def triples(self, outline: Outline) -> Iterator[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE, each once."""
        reply = self._ask(str(outline), _TRIPLES)
        replies = [reply]
        if outline.form == "CONSTRUCT" and "Virtuoso" in reply.headers.get("Server", ""):
            # Virtuoso cuts the solutions of a CONSTRUCT and is silent about it; a SELECT of the same tells.
            probe = self._ask(str(outline.select("(1 AS ?one)")), _JSON)
            if probe.cut:
                size = len(self._table(probe).rows)
                solutions = outline.select("*")
                head = self._table(self._ask(str(replace(solutions, skip=0, most=1)), _JSON))
                solutions = solutions.ordered(head.variables)
                replies = [
                    self._ask(outline.nested(outline.clause, solutions, skip=first, most=size), _TRIPLES)
                    for first in range(outline.skip, outline.skip + self._count(outline.select("*")), size)
                ]
        quads = [quad for reply in replies for quad in self._parse_triples(reply)]
        return iter(dict.fromkeys(quad.triple for quad in quads))

    def _count(self, outline: Outline, what: str = "*") -> int:
        """Return how many rows there are, or ``DISTINCT *`` ones, as the server counts them."""
        # The query may have a variable of any usual name.
        count = outline.nested(f"SELECT (COUNT({what}) AS ?hongtu_rows) ", outline)
        (row,) = self._table(self._ask(count, _JSON)).rows
        number = max(0, int(row["hongtu_rows"]["value"]) - outline.skip)
        return number if outline.most is None else min(number, outline.most)

    def _pages(self, outline: Outline, variables: list[str]) -> _Table:
        """Return all rows of a SELECT, as many at a time as the server gives."""
        total, rows = self._count(outline), list[dict[str, Any]]()
        ordered = outline.ordered(variables)
        while len(rows) < total:
            overlap = min(1, len(rows))
            first = len(rows) - overlap
            page = outline.nested("SELECT * ", ordered, skip=outline.skip + first, most=total - first)
            new = self._table(self._ask(page, _JSON)).rows
            if new[:overlap] != rows[first:] or len(new) == overlap:
                raise self._no_fit(total, len(rows))
            rows += new[overlap:]
        if outline.skip == 0 and outline.most is None:
            # Rows that the server's order does not tell apart may have changed places from page to page.
            different = len({json.dumps(row, sort_keys=True) for row in rows})
            if different < self._count(outline, "DISTINCT *"):
                raise self._no_fit(total, different)
        return _Table(variables, rows)

    # What comes back

    def _document(self, reply: _Reply) -> dict[str, Any]:
        try:
            document = json.loads(reply.content)
            if isinstance(document, dict) and "head" in document:
                return document
        except ValueError:
            pass
        raise self._no_result(reply)

    def _table(self, reply: _Reply) -> _Table:
        try:
            return _Table.of(self._document(reply))
        except (KeyError, TypeError) as error:
            raise self._no_result(reply) from error

    def _solutions(self, table: _Table) -> ox.QuerySolutions:
        document = {"head": {"vars": table.variables}, "results": {"bindings": table.rows}}
        content = json.dumps(document, ensure_ascii=False)
        try:
            # Terms are read when they are asked for; what is wrong with one has to show here.
            for _ in ox.parse_query_results(content, ox.QueryResultsFormat.JSON):  # type: ignore[union-attr]
                pass
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                say(
                    f"{self.endpoint.url}：应答里有不合 RDF 的值（{error}）",
                    f"{self.endpoint.url}: the answer holds a value that RDF does not allow ({error})",
                )
            ) from error
        answer = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        assert isinstance(answer, ox.QuerySolutions)
        return answer

    def _parse_triples(self, reply: _Reply) -> list[ox.Quad]:
        rdf_format = ox.RdfFormat.from_media_type(reply.headers.get_content_type())
        try:
            if rdf_format is not None:
                return list(ox.parse(reply.content, format=rdf_format))
        except (SyntaxError, ValueError):
            pass
        raise self._no_result(reply)

    def _no_result(self, reply: _Reply) -> StoreError:
        kind = reply.headers.get_content_type()
        return StoreError(
            say(
                f"{self.endpoint.url}：应答不是 SPARQL 结果（{kind}）",
                f"{self.endpoint.url}: the answer is no SPARQL result ({kind})",
            )
            + f"\n{_readable(reply.content)}"
        )

    def _no_fit(self, total: int, at: int) -> StoreError:
        return StoreError(
            say(
                f"{self.endpoint.url}：共 {total} 行，服务器一次给不全，分页又对不上（第 {at} 行处）；"
                "缩小查询，或用 limit 只取一部分",
                f"{self.endpoint.url}: the server does not give all {total} rows at once, and its pages do not fit "
                f"together (at row {at}); narrow the query, or take a part with limit",
            )
        )

    # How it is sent

    def _ask(self, sparql: str, accept: str) -> _Reply:
        """Return the reply to one request, which is repeated while the server is busy or the line drops."""
        for attempt in range(_ATTEMPTS):
            try:
                return self._send(sparql, accept)
            except HTTPError as error:
                problem: Exception = self._refusal(error)
                again, wait = error.code in _BUSY, _seconds_to_wait(error.headers)
            except ValueError:
                # urllib gives up on a way to authenticate that it does not know, or that failed.
                raise _RefusedError(f"{self.endpoint.url}: HTTP 401{_hint(401)}") from None
            except (OSError, EOFError, zlib.error, HTTPException) as error:
                problem = self._silence(error)
                again, wait = _dropped(error), None
            pause = 0.5 * 2**attempt if wait is None else wait
            if not again or attempt == _ATTEMPTS - 1 or time.monotonic() + pause >= self.deadline:
                raise problem
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _send(self, sparql: str, accept: str) -> _Reply:
        endpoint = self.endpoint
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": "hongtu"}
        if endpoint.token is not None:
            headers["Authorization"] = f"Bearer {endpoint.token}"
        opener = request.build_opener(_Stay)
        if endpoint.user is not None:
            passwords = request.HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, endpoint.url, endpoint.user, endpoint.password or "")
            opener.add_handler(request.HTTPDigestAuthHandler(passwords))
            opener.add_handler(request.HTTPBasicAuthHandler(passwords))
        body = urllib.parse.urlencode({"query": sparql}).encode()
        left = max(0.001, self.deadline - time.monotonic())
        with opener.open(request.Request(endpoint.url, body, headers), timeout=left) as response:
            reply = _Reply(response.headers, _read(response, self.deadline))
            if response.status == 206 or "X-SQL-State" in response.headers:
                message = response.headers.get("X-SQL-Message", "")
                raise StoreError(
                    say(
                        f"{endpoint.url}：服务器没有算完，只给了一部分；缩小查询再试",
                        f"{endpoint.url}: the server did not finish and gives only a part; narrow the query",
                    )
                    + f"\n{message}"
                )
            return reply

    def _refusal(self, error: HTTPError) -> StoreError:
        """Return the server's own words, with what to do where the code says it."""
        location = error.headers.get("Location", "")
        try:
            words = _readable(_read(error, self.deadline))
        except (OSError, EOFError, zlib.error, HTTPException):
            words = ""
        return _RefusedError(
            f"{self.endpoint.url}: HTTP {error.code}\n{words}".rstrip() + _hint(error.code, location)
        )

    def _silence(self, error: Exception) -> StoreError:
        reason = getattr(error, "reason", error) or type(error).__name__
        if isinstance(reason, TimeoutError):
            return StoreError(
                say(
                    f"{self.endpoint.url}：{self.seconds:g} 秒内没有答完；缩小查询，或加大 timeout",
                    f"{self.endpoint.url}: no answer within {self.seconds:g} s; narrow the query, or give a longer "
                    "timeout",
                )
            )
        return StoreError(
            say(
                f"{self.endpoint.url}：没有应答（{reason}）；检查地址，或加大 timeout",
                f"{self.endpoint.url}: no answer ({reason}); check the address, or give a longer timeout",
            )
        )


class _Stay(request.HTTPRedirectHandler):
    """Follows no redirection: urllib would lose the query on the way, and take the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _read(response: Any, deadline: float) -> bytes:
    """Return the body of a response.

    :raises TimeoutError: at the deadline, also when the server sends drop by drop.
    :raises IncompleteRead: when the line dropped before the end.
    """
    chunks = []
    while chunk := response.read1(_CHUNK):
        chunks.append(chunk)
        if time.monotonic() > deadline:
            raise TimeoutError
    content = b"".join(chunks)
    # urllib's own 401 has no length.
    if missing := getattr(response, "length", None):
        raise IncompleteRead(content, missing)
    return gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content


def _readable(content: bytes) -> str:
    """Return the text of a server's message, without markup, at most 2,000 characters of it."""
    text = content.decode("utf-8", "replace").strip()
    if re.match(r"<(!doctype|html|head|body|p|h1|div)\b", text, re.IGNORECASE):
        text = "\n".join(
            line for part in _MARKUP.sub(" ", text).splitlines() if (line := " ".join(part.split()))
        )
        text = html.unescape(text)
    return text[:2000]


def _hint(code: int, location: str = "") -> str:
    """Return what to do now, in a line of its own, where the HTTP code says it."""
    if code in (301, 302, 303, 307, 308):
        return "\n" + say(
            f"已搬到 {location}；改用这个地址", f"it has moved to {location}; give that address"
        )
    if code in (401, 403):
        return "\n" + say(
            "要用户名和密码（user=、password=），或 token=；给了的话再核对一次",
            "it wants user= and password=, or token=; if they were given, check them",
        )
    return ""


def _seconds_to_wait(headers: Message) -> float | None:
    """Return what Retry-After asks for (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), if it does."""
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _dropped(error: Exception) -> bool:
    """Say whether the line dropped, so that asking again helps; a wrong address stays wrong."""
    reason = getattr(error, "reason", error)
    return not isinstance(reason, TimeoutError) and isinstance(
        reason,
        (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, EOFError, zlib.error, HTTPException),
    )
