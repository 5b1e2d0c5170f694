"""The command line: parse, call one function of the library, print.

Exit codes: 0 done; 1 done, but rows were set aside, the graph does not conform, or two graphs differ; 2 not done,
nothing was changed; 130 interrupted.
"""

import gc
import os
import shutil
import sys
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core
from rich.markup import escape

from hongtu.graph.console import (
    DONE_WITH_PROBLEMS,
    INTERRUPTED,
    NOT_DONE,
    ResultFormat,
    messages,
    open_graph,
    output,
    print_answer,
    print_contents,
    print_doubts,
    print_inferred,
    print_loaded,
    print_problems,
    print_queries,
    print_stale,
    print_summary,
    tell,
)
from hongtu.graph.difference_commands import DIFF_HELP, DIGEST_HELP, diff, digest
from hongtu.graph.knowledge_graph import KnowledgeGraph, refuse_reserved
from hongtu.graph.text_commands import EXTRACT_HELP, REVIEW_HELP, Corrections, extract, review
from hongtu.loaders.errors import HongtuError, UsageError
from hongtu.loaders.language import say
from hongtu.loaders.packaged import packaged


class Commands(typer.core.TyperGroup):
    """The commands; errors that are meant for the user become one message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except HongtuError as error:
            messages.print(str(error), style="red", markup=False, soft_wrap=True)
            ctx.exit(NOT_DONE)
        except KeyboardInterrupt:
            messages.print(say("已中断，什么也没有改", "interrupted, nothing was changed"))
            ctx.exit(INTERRUPTED)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help=say(
        "宏图：把区域发展规划变成“谁在哪里做什么”的知识图谱，每条边都指回规划原文。\n\n"
        "从这里开始：`hongtu build --out hongdong`，再打开 hongdong/explorer.html。",
        "Hongtu turns regional development plans into a knowledge graph of who does what where; every edge leads back "
        "to the plan's own words.\n\nStart with `hongtu build --out hongdong` and open hongdong/explorer.html.",
    ),
)


Encoding = Annotated[
    str,
    typer.Option(
        help=say("CSV 和 JSON 的编码，如 gb18030", "encoding of CSV and JSON files, such as gb18030")
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help=say("有一行不对就整个拒收", "refuse a source in which any row is wrong")),
]
PlanTexts = Annotated[
    list[Path],
    typer.Option(
        "--plan-text",
        help=say(
            "规划原文（SHA-256 须相符），让每条依据带上原句",
            "the plan's text (its SHA-256 must match), for the quotes",
        ),
    ),
]
Graph = Annotated[
    str,
    typer.Argument(
        help=say(
            "build 写出的文件夹、存储，或 SPARQL 端点的 URL",
            "folder of a build, store, or URL of a SPARQL endpoint",
        )
    ),
]


@app.command(
    help=say(
        "建图谱：写出 graph.nq、store/ 和 explorer.html。SOURCE 是规划原文或表格；不给就建自带的洪洞县图谱。\n\n"
        "例：`hongtu build --out hongdong`\n\n`hongtu build plan.txt --out mine`\n\n`hongtu build my-tables/ --out mine`\n\n"
        "`hongtu build reports/ --out reports`（整个文件夹的规划，可随时中断、接着做）",
        "Build a graph: writes graph.nq, store/ and explorer.html. SOURCE is the text of a plan, or tables; without it: "
        "the packaged graph of Hongdong county.\n\nExamples: `hongtu build --out hongdong`\n\n"
        "`hongtu build plan.txt --out mine`\n\n`hongtu build my-tables/ --out mine`\n\n"
        "`hongtu build reports/ --out reports` (a folder of plans; can be stopped and goes on)",
    )
)
def build(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help=say(
                "规划原文（.txt .md .html .docx .pdf），一文件夹的规划，或表格（CSV 文件夹、.xlsx、.json）",
                "plans (.txt .md .html .docx .pdf), folders of plans, or tables (folders of CSV files, .xlsx, .json)",
            ),
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help=say("输出文件夹", "folder for the result"))] = Path("hongdong"),
    sample: Annotated[
        bool,
        typer.Option(
            "--sample",
            help=say("建自带的虚构县样例（含原文）", "build the sample of an invented county, with its text"),
        ),
    ] = False,
    plan_text: PlanTexts = [],  # noqa: B006 - typer copies defaults
    corrections: Corrections = None,
    encoding: Encoding = "utf-8",
    strict: Strict = False,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=say("读文件夹时用几个进程", "how many processes read a folder of plans"),
            show_default=say("处理器数", "as many as processors"),
        ),
    ] = None,
) -> None:
    from hongtu.graph.build import build as build_graph
    from hongtu.graph.corpus.command import build as build_corpus
    from hongtu.graph.corpus.command import is_corpus
    from hongtu.loaders.patch import read_patch

    # What a build makes lives to its end: looking for the dead among it takes a sixth of the time.
    gc.set_threshold(100_000)
    if sample and sources:
        raise UsageError(say("--sample 和 SOURCE 只能选一个", "give --sample or SOURCE, not both"))
    if corrections and (not sources or len(sources) > 1):
        raise UsageError(say("--corrections 只用于一份 SOURCE", "--corrections goes with exactly one SOURCE"))
    if sources and is_corpus(sources):
        if corrections or plan_text or strict or encoding != "utf-8":
            raise UsageError(
                say(
                    "--corrections、--plan-text、--strict、--encoding 不用于一整个文件夹的规划",
                    "--corrections, --plan-text, --strict and --encoding do not go with a folder of plans",
                )
            )
        build_corpus(sources, out, workers)
        return
    with ExitStack() as stack, messages.status("") as status:
        if not sources:
            sources = [stack.enter_context(packaged("sample" if sample else "hongdong"))]
        result = build_graph(
            sources,
            out,
            plan_texts=plan_text,
            encoding=encoding,
            strict=strict,
            corrections=read_patch(corrections) if corrections else (),
            progress=lambda step: status.update(escape(step)),
        )
    kg = KnowledgeGraph.open(out, read_only=True)
    print_summary(kg)
    print_problems(result.problems, result.quarantined)
    print_doubts(result.doubts)
    print_stale(result.stale)
    if result.violations:
        output.print(
            say(
                f"校验：{len(result.violations)} 处不符合", f"Validation: {len(result.violations)} violations"
            )
        )
        for violation in result.violations[:20]:
            output.print("  " + escape(str(violation)))
    else:
        output.print(say("校验：符合，每条边都有依据", "Validation: conforms, and every edge has its source"))
    tell(
        say("\n下一步：", "\nNext:")
        + say(f"\n  打开   {out / 'explorer.html'}", f"\n  open   {out / 'explorer.html'}")
        + f"\n  hongtu query show_who_does_what_where {out}"
        + f"\n  hongtu notebook {out}"
    )
    if result.problems or result.stale or result.violations:
        raise typer.Exit(DONE_WITH_PROBLEMS)


app.command(help=EXTRACT_HELP)(extract)
app.command(help=REVIEW_HELP)(review)


@app.command(
    help=say(
        "把表格或 RDF 装进存储；同一规划、同一文件的旧内容被替换。\n\n例：`hongtu load my-tables/ --store mine --dry-run`\n\n"
        "`hongtu load companies.csv --mapping companies.rq --store mine`（别人的表格，按映射）",
        "Load tables or RDF into a store; what it held of the same plan or file is replaced.\n\n"
        "Examples: `hongtu load my-tables/ --store mine --dry-run`\n\n"
        "`hongtu load companies.csv --mapping companies.rq --store mine` (a foreign table, by a mapping)",
    )
)
def load(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help=say("CSV 文件夹、.xlsx、.json 或 RDF 文件", "folders of CSV, .xlsx, .json or RDF files"),
        ),
    ],
    store: Annotated[Path, typer.Option(help=say("存储文件夹", "folder of the store"))],
    mapping: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "映射：SPARQL CONSTRUCT，把别人的表格（.csv .xlsx）或 RDF 说成宏图的术语",
                "a SPARQL CONSTRUCT that says foreign tables (.csv .xlsx) or RDF in Hongtu's terms",
            ),
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help=say("只检查、只报告，什么也不写", "check and report only, write nothing")
        ),
    ] = False,
    plan_text: PlanTexts = [],  # noqa: B006 - typer copies defaults
    encoding: Encoding = "utf-8",
    strict: Strict = False,
) -> None:
    from hongtu.graph.build import read_plan, text_of
    from hongtu.graph.rdf_input import RdfFile
    from hongtu.loaders.documents import read_document
    from hongtu.loaders.source import write_quarantine

    rdf = [source for source in sources if mapping or RdfFile(source).is_rdf()]
    texts = {text.sha256: text for text in map(read_document, plan_text)}
    plans = [
        (source, read_plan(source, *texts.values(), encoding=encoding, strict=strict))
        for source in sources
        if source not in rdf
    ]
    for _, tables in plans:
        print_contents(tables)
    problems = [problem for _, tables in plans for problem in tables.problems]
    # No file is loaded when another one is broken, and no store is made for one.
    for file in rdf:
        if not mapping:
            RdfFile(file).check()
        elif not store.exists():
            KnowledgeGraph.open().load_mapped(file, mapping, encoding=encoding)
    # A dry run loads into memory; a mapping may look into what the store holds.
    kg = KnowledgeGraph.open(None if dry_run else store)
    if dry_run and mapping and store.exists():
        kg.store.bulk_extend(KnowledgeGraph.open(store, read_only=True).store)
    quarantined = []
    for source, tables in plans:
        kg.load_tables(tables, text=text_of(tables, source, texts))
        if not dry_run:
            quarantined += write_quarantine(
                tables, store.with_name(f"{store.name}-quarantine") / tables.plan.id
            )
    with messages.status("") as status:
        for file in rdf:
            loaded = (
                kg.load_mapped(file, mapping, encoding=encoding)
                if mapping
                else kg.load_rdf(file, progress=lambda step: status.update(escape(step)))
            )
            print_loaded(loaded)
    print_problems(problems, quarantined)
    print_doubts([doubt for _, tables in plans for doubt in tables.doubts])
    tell(
        say("试运行：什么也没有写", "Dry run: nothing was written")
        if dry_run
        else say(
            f"已装入 {store}，共 {len(kg.store)} 条三元组",
            f"Loaded into {store}: {len(kg.store)} triples in all",
        )
    )
    if problems:
        raise typer.Exit(DONE_WITH_PROBLEMS)


@app.command(
    help=say(
        "查询：库里的查询（写名字）、.rq 文件，或 -e 后的 SPARQL。不写查询就列出全部。\n\n"
        "例：`hongtu query show_who_does_what_where hongdong`\n\n"
        "`hongtu query list_projects_of_strategy hongdong -p strategy=新增长极战略`\n\n"
        "`hongtu query -e 'SELECT ?e { ?e a ht:Enterprise }' hongdong --format csv`",
        "Ask: a query of the library (by name), an .rq file, or SPARQL behind -e. Without a query, all are listed.\n\n"
        "Examples: `hongtu query show_who_does_what_where hongdong`\n\n"
        "`hongtu query list_projects_of_strategy hongdong -p strategy=新增长极战略`\n\n"
        "`hongtu query -e 'SELECT ?e { ?e a ht:Enterprise }' hongdong --format csv`",
    )
)
def query(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY] GRAPH",
            help=say(
                "查询的名字或 .rq 文件（用 -e 时不写），然后是图谱",
                "name of a query or .rq file (not with -e), then the graph",
            ),
            show_default=False,
        ),
    ] = None,
    expression: Annotated[
        str, typer.Option("-e", help=say("直接写 SPARQL", "the SPARQL itself"), show_default=False)
    ] = "",
    parameter: Annotated[
        list[str],
        typer.Option(
            "-p",
            metavar="NAME=VALUE",
            help=say("查询的参数，事物写名称", "a parameter; things by their name"),
        ),
    ] = [],  # noqa: B006 - typer copies defaults
    result_format: Annotated[
        ResultFormat, typer.Option("--format", help=say("输出格式", "how to print"))
    ] = ResultFormat.TABLE,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, help=say("多少秒后停下", "seconds after which the query is stopped")),
    ] = 60,
    inferred: Annotated[
        bool,
        typer.Option(
            "--inferred",
            help=say(
                "也看推出的（先 hongtu infer）；只用于自己写的查询",
                "see what was inferred too (hongtu infer first); for queries of your own",
            ),
        ),
    ] = False,
) -> None:
    given = list(arguments or [])
    if not given and not expression:
        print_queries()
        return
    if len(given) != (1 if expression else 2):
        raise UsageError(
            say(
                "写成 hongtu query 名字 图谱，或 hongtu query -e 'SPARQL' 图谱",
                "write hongtu query NAME GRAPH, or hongtu query -e 'SPARQL' GRAPH",
            )
        )
    kg = open_graph(given[-1])
    parameters = parse_parameters(parameter)
    if expression or given[0].endswith(".rq"):
        sparql = expression or read_file(Path(given[0]))
        refuse_reserved("-p", parameters)
        values: dict[str, Any] = {**parameters}
        answer: Any = kg.query(sparql, timeout=timeout, inferred=inferred, **values)
    elif inferred:
        raise UsageError(
            say(
                "--inferred 只用于 -e 和 .rq 文件；库里的查询自己会上溯到大类和上级地点",
                "--inferred goes with -e or an .rq file; the queries of the library follow places and sectors upwards "
                "by themselves",
            )
        )
    else:
        answer = kg.run(given[0], **parameters)
    print_answer(answer, result_format)
    # Only a table can be empty without saying so.
    if getattr(answer, "empty", False):
        tell(answer.why(), messages)


@app.command(
    help=say(
        "画图：把图谱写成一个离线的 HTML 文件。\n\n例：`hongtu view hongdong --out picture.html`\n\n"
        "`hongtu view hongdong --coordinates towns.csv --outline county.geojson`",
        "Draw: write the graph as one offline HTML file.\n\nExamples: `hongtu view hongdong --out picture.html`\n\n"
        "`hongtu view hongdong --coordinates towns.csv --outline county.geojson`",
    )
)
def view(
    graph: Graph,
    out: Annotated[Path, typer.Option(help=say("HTML 文件", "the HTML file"))] = Path("explorer.html"),
    coordinates: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "地图上的点：CSV，列为 名称、纬度、经度",
                "points for a map: CSV with the columns name, latitude and longitude",
            ),
            show_default=False,
        ),
    ] = None,
    outline: Annotated[
        Path | None,
        typer.Option(
            help=say("地图上的边界：GeoJSON", "an outline for the map: GeoJSON"), show_default=False
        ),
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "以前写出的图，各点位置不变", "a picture written earlier, whose things keep their places"
            ),
            show_default=False,
        ),
    ] = None,
) -> None:
    from hongtu.graph.coordinates import read_coordinates

    points = read_coordinates(coordinates) if coordinates else None
    explorer = open_graph(graph).show(coordinates=points, outline=outline, like=like)
    explorer.write_html(out)
    tell(str(out))
    if points and explorer.unplaced:
        used, names = len(points) - len(explorer.unplaced), say("、", ", ").join(explorer.unplaced)
        tell(
            say(
                f"{len(points)} 处坐标用上 {used} 处；图里没有叫这些名称的：{names}",
                f"{used} of {len(points)} coordinates are used; nothing in the graph is called: {names}",
            ),
            messages,
        )


@app.command(
    help=say(
        "校验：图谱是否合乎本体（SHACL），每条边是否有依据。\n\n例：`hongtu validate hongdong`",
        "Validate: does the graph conform to the ontology (SHACL), has every edge its source?\n\n"
        "Example: `hongtu validate hongdong`",
    )
)
def validate(graph: Graph) -> None:
    from hongtu.graph.validation import validate as find_violations

    violations = find_violations(open_graph(graph))
    for violation in violations:
        output.print(escape(str(violation)))
    if violations:
        messages.print(say(f"{len(violations)} 处不符合", f"{len(violations)} violations"))
        raise typer.Exit(DONE_WITH_PROBLEMS)
    output.print(say("符合", "conforms"))


@app.command(
    help=say(
        "推理：按本体（OWL 2 RL）从规划所写的推出其他关系，与原文所写分开存放；自相矛盾时指出来，什么也不写。"
        "要先 pip install 'hongtu[reasoning]'。\n\n例：`hongtu infer hongdong`\n\n"
        "`hongtu query --inferred -e 'SELECT ?who { ?project ht:undertakenBy ?who }' hongdong`",
        "Infer what follows from the plans by the ontology (OWL 2 RL), kept apart from what they say; contradictions are "
        "told, and nothing is written then. Needs pip install 'hongtu[reasoning]'.\n\nExamples: `hongtu infer hongdong`\n\n"
        "`hongtu query --inferred -e 'SELECT ?who { ?project ht:undertakenBy ?who }' hongdong`",
    )
)
def infer(
    graph: Graph,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help=say("只查有没有矛盾，什么也不写", "look for contradictions only, write nothing")
        ),
    ] = False,
) -> None:
    from hongtu.graph.inference import infer as find_inferred

    kg = open_graph(graph)
    with messages.status(say("推理", "inferring")):
        inference = find_inferred(kg, write=not check)
    for conflict in inference.conflicts:
        tell(str(conflict))
    if inference.conflicts:
        messages.print(
            say(
                f"{len(inference.conflicts)} 处矛盾；什么也没有写",
                f"{len(inference.conflicts)} contradictions; nothing was written",
            )
        )
        raise typer.Exit(DONE_WITH_PROBLEMS)
    print_inferred(kg, inference, written=not check)


class ExportCommand(typer.core.TyperCommand):
    """The command whose help lists the formats: only who reads it waits for the import of all of them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from hongtu.graph.export import describe_formats

        self.help = f"{self.help}\n\n{describe_formats()}"
        super().format_help(ctx, formatter)


@app.command(
    cls=ExportCommand,
    help=say(
        "导出：路径的后缀决定格式。\n\n例：`hongtu export hongdong hongdong.gexf`",
        "Export: the path's ending names the format.\n\nExample: `hongtu export hongdong hongdong.gexf`",
    ),
)
def export(
    graph: Graph, target: Annotated[Path, typer.Argument(help=say("文件或文件夹", "file or folder"))]
) -> None:
    from hongtu.graph.export import export as write

    write(open_graph(graph), target)
    tell(str(target))


@app.command(
    help=say(
        "导出词汇：本体、形状、各分类体系、全部行政区划和 JSON-LD 上下文，供别的三元组库装载。\n\n例：`hongtu vocabulary words`",
        "Write the vocabulary: the ontology, the shapes, the concept schemes, all administrative divisions and the JSON-LD "
        "context, to load into another triple store.\n\nExample: `hongtu vocabulary words`",
    )
)
def vocabulary(folder: Annotated[Path, typer.Argument(help=say("文件夹", "folder"))]) -> None:
    from hongtu.graph.vocabulary import write_vocabulary

    for file in write_vocabulary(folder):
        tell(str(file))


app.command(help=DIGEST_HELP)(digest)
app.command(help=DIFF_HELP)(diff)


@app.command(
    help=say(
        "看图谱里有什么。\n\n例：`hongtu info hongdong`",
        "What the graph holds.\n\nExample: `hongtu info hongdong`",
    )
)
def info(graph: Graph) -> None:
    print_summary(open_graph(graph))


@app.command(
    help=say(
        "在 Jupyter 里打开入门笔记本（要先 pip install 'hongtu[notebook]'）。\n\n例：`hongtu notebook hongdong`",
        "Open the first notebook in Jupyter (needs pip install 'hongtu[notebook]').\n\nExample: `hongtu notebook hongdong`",
    )
)
def notebook(
    graph: Annotated[Path, typer.Argument(help=say("build 写出的文件夹", "folder of a build"))] = Path(
        "hongdong"
    ),
) -> None:
    open_graph(str(graph))
    for entry in files("hongtu.notebooks").iterdir():
        copy = graph / entry.name
        if entry.name.endswith(".ipynb") and not copy.exists():
            copy.write_bytes(entry.read_bytes())
    jupyter = shutil.which(
        "jupyter-lab", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if jupyter is None:
        raise UsageError(
            say(
                f"没有装 JupyterLab：pip install 'hongtu[notebook]'；笔记本已放在 {graph}，用别的 Jupyter 也能打开",
                f"JupyterLab is not installed: pip install 'hongtu[notebook]'; the notebooks are in {graph} for any Jupyter",
            )
        )
    os.execv(jupyter, [jupyter, str(graph / "01-who-does-what-where.ipynb")])


@app.command(
    help=say(
        "把图谱作为只读 SPARQL 端点，带查询网页（要先 pip install 'hongtu[serve]'）。\n\n例：`hongtu serve hongdong`",
        "Serve the graph as a read-only SPARQL endpoint with a query page (needs pip install 'hongtu[serve]').\n\n"
        "Example: `hongtu serve hongdong`",
    )
)
def serve(
    graph: Annotated[
        Path, typer.Argument(help=say("build 写出的文件夹或存储", "folder of a build, or a store"))
    ],
    port: Annotated[int, typer.Option(min=1, max=65535, help=say("端口", "port"))] = 7878,
) -> None:
    server = shutil.which(
        "oxigraph", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if server is None:
        raise UsageError(
            say(
                "没有装服务器：pip install 'hongtu[serve]'",
                "the server is not installed: pip install 'hongtu[serve]'",
            )
        )
    open_graph(str(graph))
    store = graph / "store" if (graph / "store").is_dir() else graph
    messages.print(
        say(f"http://localhost:{port}（Ctrl-C 停止）", f"http://localhost:{port} (Ctrl-C stops it)")
    )
    os.execv(
        server,
        [
            server,
            "serve-read-only",
            "--location",
            str(store),
            "--bind",
            f"localhost:{port}",
            "--union-default-graph",
        ],
    )


def read_file(file: Path) -> str:
    """Return the text of a query file.

    :raises UsageError: when it cannot be read.
    """
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(say(f"{file}：读不了（{error}）", f"{file}: cannot be read ({error})")) from error


def parse_parameters(given: list[str]) -> dict[str, str]:
    """Return parameters from ``NAME=VALUE``.

    :raises UsageError: when one has no ``=``.

    >>> parse_parameters(["year=2025"])
    {'year': '2025'}
    """
    parameters = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise UsageError(say(f"-p {item}：写成 NAME=VALUE", f"-p {item}: write NAME=VALUE"))
        parameters[name.strip()] = value.strip()
    return parameters


if __name__ == "__main__":
    app()
