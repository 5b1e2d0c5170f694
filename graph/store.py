"""Where plans are kept: a store that is opened, loaded, and asked in bare terms.

    >>> bool(PlanStore.open().solutions("ASK { ht:Project a owl:Class }"))
    True

The store is Oxigraph, on disk or in memory, or any SPARQL 1.1 endpoint. Each plan stands in a named graph of its own;
queries see all of them as one. The ontology and the concept schemes are part of every store.
"""

import io
import shutil
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox
import rdflib

from hongtu.graph import endpoint
from hongtu.graph.endpoint import Endpoint
from hongtu.graph.queries import internal_query, read_query
from hongtu.graph.sparql.rewriting import Term, Value, bind
from hongtu.graph.sparql.tokens import may_overflow, tokens
from hongtu.graph.terms import Resource, compact_iri, to_iri, to_literal, to_term
from hongtu.graph.vocabulary import (
    ONTOLOGY_GRAPH,
    VOCABULARY_GRAPHS,
    describe_divisions,
    load_vocabulary,
)
from hongtu.loaders.documents import read_document
from hongtu.loaders.errors import InputError, StoreError, UsageError
from hongtu.loaders.iris import is_passage_iri, plan_iri
from hongtu.loaders.language import language, say
from hongtu.loaders.packaged import packaged
from hongtu.loaders.plan_text import PlanText
from hongtu.loaders.records import Span
from hongtu.loaders.relations import KINDS
from hongtu.loaders.source import PlanTables, read_tables, text_beside
from hongtu.loaders.tables import nearest
from hongtu.loaders.triples import quotation, whole_text, write_nquads
from hongtu.ontology.namespace import HT, INFERRED, PREFIXES

if TYPE_CHECKING:
    from hongtu.graph.loading import Loaded
    from hongtu.graph.sparql.worker import Worker

INFERRED_GRAPH = ox.NamedNode(str(INFERRED))
_TERMS_PER_QUERY = 500


class PlanStore:
    """Plans in a store or at an endpoint; :class:`~hongtu.graph.knowledge_graph.KnowledgeGraph` is what people ask."""

    def __init__(self, backend: ox.Store | Endpoint, *, folder: Path | None = None) -> None:
        """Wrap a store or an endpoint as it is; :meth:`open` is the usual way.

        :param folder: where the store is on disk; of a store in memory, queries with a timeout are put to a copy.
        """
        self.backend = backend
        self._folder = folder
        self._second: PlanStore | None = None

    @classmethod
    def open(
        cls,
        location: str | Path | None = None,
        *,
        read_only: bool = False,
        user: str | None = None,
        password: str | None = None,
        token: str | None = None,
    ) -> Self:
        """Return the graph at a location, which is created when it is a path where nothing is yet.

        :param location: a folder with a store, or a folder that ``hongtu build`` wrote (its ``store`` is taken); the
            URL of a SPARQL endpoint; ``None`` for an empty graph in memory.
        :param read_only: open beside other readers; without it a store on disk belongs to one process at a time.
        :param user: with ``password``, or a bearer ``token`` alone: who asks an endpoint that wants to know.
        :raises StoreError: when the place holds something else, or another process holds the store.
        """
        if location is None:
            return cls(load_vocabulary(ox.Store()))
        if str(location).startswith(("http://", "https://")):
            return cls(Endpoint(str(location), user=user, password=password, token=token))
        path = Path(location)
        path = path / "store" if (path / "store").is_dir() else path
        try:
            if (
                path.exists()
                and not (path / "CURRENT").is_file()
                and (not path.is_dir() or any(path.iterdir()))
            ):
                raise StoreError(
                    say(
                        f"{path}：这里不是图谱的存储；先 hongtu build --out DIR，再打开 DIR",
                        f"{path}: no graph store; run hongtu build --out DIR first and open DIR",
                    )
                )
            if read_only:
                return cls(ox.Store.read_only(str(path)), folder=path.absolute())
            new = not path.exists() or not any(path.iterdir())
            store = ox.Store(str(path))
        except OSError as error:
            raise StoreError(
                say(
                    f"{path}：打不开存储（{error}）；若别的程序正开着它，先关掉，或用 read_only=True",
                    f"{path}: the store does not open ({error}); if another program has it open, close that one, "
                    "or use read_only=True",
                )
            ) from error
        return cls(load_vocabulary(store) if new else store, folder=path.absolute())

    @classmethod
    def packaged(cls, *names: str) -> Self:
        """Return a graph in memory of plans that come with Hongtu, see :data:`hongtu.loaders.packaged.PACKAGED`.

        :raises UsageError: when no plan of a name is packaged.
        """
        kg = cls.open()
        for name in names:
            with packaged(name) as folder:
                kg.load_tables(folder)
        return kg

    @property
    def store(self) -> ox.Store:
        """The embedded store.

        :raises UsageError: when the graph is a remote endpoint, which can only be queried.
        """
        if isinstance(self.backend, Endpoint):
            raise UsageError(
                say(
                    "远程端点只能查询；加载和导出要用本地存储",
                    "an endpoint can only be queried; load and export a local store",
                )
            )
        return self.backend

    # Loading

    def load_tables(
        self, tables: PlanTables | str | Path, *, text: PlanText | str | Path | None = None
    ) -> PlanTables:
        """Put what tables say of a plan into the plan's named graph, in place of what stood there.

        :param tables: as they were read, or a folder of CSV files, an .xlsx workbook or a .json file.
        :param text: the plan's text or its file, for the quotes, and for evidence that rows leave to be found; its digest
            must be the recorded one. Without it, ``plan.txt`` beside the tables is.
        :return: the tables; ``problems`` tells which rows could not stand, and why.
        :raises InputError: when a file cannot be read, or the text is another one.
        """
        if isinstance(text, (str, Path)):
            text = read_document(Path(text))
        if isinstance(tables, (str, Path)):
            source = Path(tables)
            tables = read_tables(source, *([text] if text else []))
            beside = None if text else text_beside(source)
            text = beside if beside and beside.sha256 == tables.plan.sha256 else text
        if text and text.sha256 != tables.plan.sha256:
            raise _other_text(text, [tables.plan.sha256])
        from hongtu.graph.loading import replace_graphs

        buffer = io.BytesIO()
        write_nquads(tables, buffer, text=text)
        quads = list(ox.parse(buffer.getvalue(), format=ox.RdfFormat.N_QUADS))
        self.drop_inferred()
        graph = ox.NamedNode(plan_iri(tables.plan.id))
        replace_graphs(self.store, [graph] if self.store.contains_named_graph(graph) else [], quads)
        describe_divisions(self.store, quads)
        return tables

    def load_plan(
        self, file: str | Path, *, review: str | Path | None = None, corrections: str | Path | None = None
    ) -> PlanTables:
        """Read a plan's text (.txt .md, with the extra ``documents`` .html .docx .pdf) into its named graph.

        ::

            kg.load_plan("规划.txt", review="表格")  # then correct the tables in Excel
            kg.load_plan("规划.txt", corrections="表格")

        :param review: a new folder, for the tables that a person corrects: the least sure rows first, each with its sentence.
        :param corrections: these tables when they were corrected, or the file that ``hongtu review`` wrote of them.
        :return: what was read.
        :raises InputError: when the file cannot be read as a plan's text, or corrected rows cannot stand.
        :raises UsageError: when there are tables in the folder for review already.
        """
        # What reads texts takes as long to import as all the rest.
        from hongtu.loaders.extraction import extract
        from hongtu.loaders.replay import apply
        from hongtu.loaders.review import read_corrections
        from hongtu.loaders.rows import write_review

        text = read_document(Path(file))
        tables = extract(text, Path(file).stem)
        if corrections is not None:
            replay = apply(tables, read_corrections(Path(corrections), tables, text), text)
            for stale in replay.stale:
                warnings.warn(str(stale), stacklevel=2)
            tables = replay.tables
        if review is not None:
            if any(Path(review).glob("*.csv")):
                raise UsageError(
                    say(
                        f"{review}：里面已有表格，不覆盖；改好了用 corrections= 装载，或换一个文件夹",
                        f"{review}: it has tables, which are not overwritten; load corrected ones with corrections=, "
                        "or choose another folder",
                    )
                )
            write_review(tables, Path(review), text)
        return self.load_tables(tables, text=text)

    def load_rdf(self, file: str | Path, *, progress: Callable[[str], None] = lambda step: None) -> "Loaded":
        """Load an RDF file, all of it or, when it is broken, nothing, see :mod:`hongtu.graph.rdf_input`.

        A graph that the file names is replaced. Triples that stand in no named graph go into one that is called after
        the file, which is replaced too: a file that is loaded again is never held twice.

        :param file: ``.ttl .n3 .trig .nt .nq .rdf .rdfs .owl .xml .jsonld .json``, also with ``.gz .xz .bz2``.
        :param progress: is told what is being done.
        :return: what is there now, and what it replaced.
        :raises InputError: when the file cannot be read (with line and column) or writes to a vocabulary's graph.
        """
        from hongtu.graph.loading import load_quads
        from hongtu.graph.rdf_input import RdfFile

        source = RdfFile(Path(file))
        return load_quads(self, source.quads, source.name, progress)

    def load_mapped(
        self,
        file: str | Path,
        mapping: str | Path,
        *,
        encoding: str = "utf-8",
    ) -> "Loaded":
        """Load a foreign table (``.csv .xlsx``) or RDF file by a CONSTRUCT that says it in Hongtu's terms.

        Each thing that a row makes leads back to the row, see :mod:`hongtu.graph.mapping`. What the file gave before is
        replaced.

        :param mapping: the file of the query.
        :param encoding: of the CSV file.
        :return: what is there now, what it replaced, and the rows that gave nothing.
        :raises InputError: when the file cannot be read, or nothing comes out of it.
        :raises UsageError: when the mapping is broken, or names a column that the table lacks.
        """
        from hongtu.graph.loading import load_quads
        from hongtu.graph.mapping import Mapping
        from hongtu.graph.rdf_input import RdfFile

        query, source = Mapping.read(Path(mapping)), RdfFile(Path(file))
        quads, silent = (
            (query.of_rdf(source), ())
            if source.is_rdf()
            else query.of_table(source.path, self, encoding=encoding)
        )
        return replace(load_quads(self, lambda: iter(quads), source.name), silent=silent)

    def load_text(self, file: str | Path) -> None:
        """Give the graph the text of a plan that it holds: passages show their sentences, pictures the whole text.

        :raises InputError: when no plan of the graph was read from this file (by SHA-256).
        """
        text = read_document(Path(file))
        plans = {
            plan["sha256"].value: plan["plan"] for plan in self.solutions(read_query("list_plans").sparql)
        }
        if text.sha256 not in plans:
            raise _other_text(text, list(plans))
        plan = plans[text.sha256]
        statements = [whole_text(str(plan), text)]
        for passage in self.solutions(internal_query("list_passages"), plan=plan):
            span = Span(*(int(passage[name].value) for name in ("line", "start", "end")))
            statements += quotation(str(passage["passage"]), span, text)
        self.drop_inferred()
        lines = [f"{' '.join(statement)} {plan} ." for statement in statements]
        self.store.extend(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS))

    # Asking

    def solutions(self, sparql: str, /, **bindings: Value) -> Any:
        """Return the bare answer to a query: pyoxigraph's solutions, triples or boolean.

        :raises UsageError: when the query is broken, with line, column and the likely mend.
        """
        return self.evaluate(sparql, bindings)

    def evaluate(
        self,
        sparql: str,
        bindings: Mapping[str, Value],
        *,
        timeout: float | None = None,
        limit: int | None = None,
        renew: bool = True,
        inferred: bool = False,
    ) -> endpoint.Answer:
        """Return the bare answer to a query whose variables are bound to these values.

        :param timeout: seconds after which the query is stopped; ``None`` waits for its end.
        :param limit: how many rows are wanted; one more may come, which tells that there are more.
        :param renew: see :meth:`hongtu.graph.sparql.worker.Worker.query`.
        :param inferred: see what was inferred too, see :mod:`hongtu.graph.inference`.
        :raises UsageError: when the query is broken, or does not end in time, or nothing was inferred.
        """
        if inferred:
            return self._with_inferred().evaluate(sparql, bindings, timeout=timeout, limit=limit, renew=renew)
        if isinstance(self.backend, Endpoint):
            return self.backend.query(sparql, bindings, timeout=timeout, limit=limit)
        text, union = bind(sparql, bindings), self._is_union(sparql)
        try:
            if timeout is None and not may_overflow(text):
                return self.backend.query(text, prefixes=PREFIXES, use_default_graph_as_union=union)
            return self._worker.query(
                text, prefixes=PREFIXES, union=union, timeout=timeout, limit=limit, renew=renew
            )
        except SyntaxError as error:
            from hongtu.graph.sparql.diagnosis import explain_syntax

            raise UsageError(explain_syntax(sparql, error)) from error

    @cached_property
    def _worker(self) -> "Worker":
        from hongtu.graph.sparql.worker import Worker

        return Worker(self._folder or self.store)

    def _is_union(self, sparql: str) -> bool:
        """Tell whether a query sees all named graphs as one: in our stores, and where nothing stands outside of them.

        A query that names its graphs itself (``FROM``) sees these; to the engine, union goes before them.
        """
        # Few queries have the word at all; reading the tokens of the others takes longer than some of them run.
        if "FROM" in sparql.upper() and any(token.is_word("FROM") for token in tokens(sparql)):
            return False
        unnamed = self.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        return self.store.contains_named_graph(ONTOLOGY_GRAPH) or next(unnamed, None) is None

    # What was inferred

    @property
    def inferred_folder(self) -> Path | None:
        """Where the second store stands that holds what was inferred too; ``None`` of a store in memory."""
        return self._folder and self._folder.with_name(f"{self._folder.name}-inferred")

    def keep_inferred(self, store: ox.Store) -> None:
        """Keep, in memory, a store that holds what was inferred from this one too."""
        self._second = PlanStore(store)

    def drop_inferred(self) -> None:
        """Forget what was inferred, as it no longer follows when plans change."""
        self._second = None
        if self.inferred_folder and self.inferred_folder.is_dir():
            shutil.rmtree(self.inferred_folder)

    def _with_inferred(self) -> "PlanStore":
        if self._second is None and self.inferred_folder and self.inferred_folder.is_dir():
            self._second = PlanStore.open(self.inferred_folder, read_only=True)
        if self._second is None:
            raise UsageError(
                say(
                    "这个图谱还没有推理，或推理之后又改过；先运行 hongtu infer 图谱（Python 里 infer(kg)）",
                    "nothing was inferred from this graph, or it was changed since; run hongtu infer GRAPH first, "
                    "in Python infer(kg)",
                )
            )
        return self._second

    def resolve(self, thing: object, *, kinds: Collection[str] = ()) -> str:
        """Return the IRI of a thing that is given by IRI, by :class:`~hongtu.graph.terms.Resource`, name or alias.

        IRIs of other schemes than ``http`` (``urn:``) are given as terms: ``rdflib.URIRef("urn:a")``. A name may be preceded by its kind: ``"Project:乾峰大桥"`` is the bridge that is built, not the place.

        :param kinds: local names of classes, one of which the thing must have; empty allows all.
        :raises UsageError: when nothing, or more than one thing, has that name; the nearest names are told.
        """
        found = self.resolve_all(thing, kinds=kinds)
        if len(found) == 1:
            return found[0]
        if isinstance(thing, (list, tuple)):
            raise UsageError(
                say(
                    f"这里要一个事物，给了 {len(thing)} 个",
                    f"one thing is wanted here, {len(thing)} are given",
                )
            )
        choices = "".join(f"\n    {iri}" for iri in found)
        raise UsageError(
            say(
                f"“{thing}”在几份规划里都有，写明是哪一个：{choices}",
                f"“{thing}” stands in several plans, give the IRI of one: {choices}",
            )
        )

    def resolve_all(self, thing: object, *, kinds: Collection[str] = ()) -> list[str]:
        """Return the IRIs of a thing, one for each plan that calls it so; of several things when a list is given.

        :param thing: as for :meth:`resolve`, or a list of such.
        :raises UsageError: when nothing has that name, or several things of one plan have.
        """
        if isinstance(thing, (Resource, ox.NamedNode, rdflib.URIRef)):
            return [to_term(thing).value]
        if isinstance(thing, (list, tuple)):
            return [iri for one in thing for iri in self.resolve_all(one, kinds=kinds)]
        text = str(thing).strip()
        if "://" in text:
            return [to_iri(text).value]
        kind, _, name = text.partition(":")
        if kind in KINDS:
            text, kinds = name.strip(), (kind,)
        rows = [
            (
                row["preferred"].value == "true",
                compact_iri(row["type"].value).removeprefix("ht:"),
                row["plan"].value,
                row["thing"].value,
            )
            for row in self.solutions(internal_query("find_name"), name=to_literal(text, "zh"))
        ]
        rows = [row for row in rows if not kinds or row[1] in kinds]
        if not rows:
            raise self._unknown_name(text, kinds)
        # A thing goes before the measure that is called after it, and a name before an alias.
        best = [row for row in rows if row[1] != "Measure"] or rows
        best = [row for row in best if row[0]] or best
        if len({row[1] for row in best}) == 1 and len({row[2] for row in best}) == len(best):
            return [row[3] for row in best]
        labels = self.labels(row[3] for row in best)
        choices = sorted({f"{row[1]}:{labels[row[3]]}" for row in best})
        raise UsageError(
            say(f"“{text}”有几个，写明是哪一个：", f"“{text}” is the name of several, say which: ")
            + ", ".join(choices)
        )

    def _unknown_name(self, text: str, kinds: Collection[str]) -> UsageError:
        rows = self.solutions(internal_query("list_names"))
        known = [(compact_iri(row["type"].value).removeprefix("ht:"), row["label"].value) for row in rows]
        names = list(dict.fromkeys(name for kind, name in known if not kinds or kind in kinds))
        called = self.labels(str(HT[kind]) for kind in kinds)
        wanted = say("（{}）", " ({})").format("、".join(called.values())) if kinds else ""
        return UsageError(
            say(f"图里没有“{text}”{wanted}", f"nothing is called “{text}”{wanted}") + nearest(text, names)
        )

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return what to call these IRIs, in the user's language; those without a label by their short form.

        Without a label in this language, one of a regional variety of it (zh-Hans), then one without language, then
        any other serves; of several that serve as well, the first by the alphabet.
        """
        wanted = sorted(set(iris))
        found: dict[str, tuple[bool, bool, bool, str]] = {}
        mine = language()
        # Passages, often half of what a table holds, have none.
        named = (ox.NamedNode(iri) for iri in wanted if not is_passage_iri(iri))
        for row in self.rows_about("list_labels", named):
            thing, label = row["thing"].value, row["label"]
            if not isinstance(label, ox.Literal):
                continue
            tag = label.language or ""
            best = tag != mine, tag.partition("-")[0] != mine, bool(tag), label.value
            found[thing] = min(best, found.get(thing, best))
        return {iri: found[iri][-1] if iri in found else compact_iri(iri) for iri in wanted}

    def rows_about(self, name: str, terms: Iterable[Term]) -> list[Any]:
        """Return the rows of an internal query whose block of values holds these terms, asked in batches.

        :param name: of a query with ``UNDEF`` in its block of values, such as ``"list_labels"``.
        """
        rows: list[Any] = []
        rest = iter(terms)
        while batch := list(islice(rest, _TERMS_PER_QUERY)):
            # A block of values has no variable to bind; the terms write themselves, escaped.
            rows += self.solutions(internal_query(name).replace("UNDEF", " ".join(map(str, batch))))
        return rows

    # Other libraries

    def to_rdflib(self) -> rdflib.Dataset:
        """Return an rdflib dataset on the same store (through oxrdflib): what one writes, the other reads.

        Its default graph is the union of all named graphs, as in queries.
        """
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)

    @property
    def last_written(self) -> datetime | None:
        """When the store on disk was last written to, in UTC; ``None`` of one in memory or at an endpoint."""
        return datetime.fromtimestamp(self._folder.stat().st_mtime, UTC) if self._folder else None

    def plan_graphs(self) -> list[ox.NamedNode]:
        """Return the names of the graphs that hold what was loaded, not the vocabulary, in alphabetical order."""
        others = VOCABULARY_GRAPHS | {INFERRED_GRAPH}
        graphs = [graph for graph in self.store.named_graphs() if graph not in others]
        return sorted(
            (graph for graph in graphs if isinstance(graph, ox.NamedNode)), key=lambda graph: graph.value
        )

    def plan_quads(self) -> Iterator[ox.Quad]:
        """Yield all that was loaded, graph after graph; the vocabulary is left out."""
        for graph in self.plan_graphs():
            yield from self.store.quads_for_pattern(None, None, None, graph)


def _other_text(text: PlanText, expected: Iterable[str]) -> InputError:
    wanted = ", ".join(digest[:12] + "…" for digest in expected)
    return InputError(
        say(
            f"文本的 SHA-256 是 {text.sha256[:12]}…，图谱依据的是 {wanted}；要用同一个文件，一个字也不能改",
            f"the text has SHA-256 {text.sha256[:12]}…, the graph was read from {wanted}; give that very file",
        )
    )
