"""``hongtu build`` for a folder of documents: a progress bar, and what came of it."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hongtu.graph.console import DONE_WITH_PROBLEMS, INTERRUPTED, messages, output, tell
from hongtu.graph.corpus.build import CorpusResult, build_corpus
from hongtu.loaders.language import say

_SHOWN = 20


def is_corpus(sources: Sequence[Path]) -> bool:
    """Tell whether there is a folder of documents, or a pattern, among sources, rather than tables and single texts."""
    return any(
        not any(source.glob("*.csv")) if source.is_dir() else "*" in source.name and not source.exists()
        for source in sources
    )


def build(sources: Sequence[Path], out: Path, workers: int | None) -> None:
    """Build the graph of a corpus and tell what came of it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}"),
    )
    try:
        with Progress(*columns, console=messages, transient=True) as bar:
            task = bar.add_task(say("读", "reading"), total=None, name="")

            def progress(done: int, total: int, name: str) -> None:
                bar.update(task, completed=done, total=total, name=escape(name))

            result = build_corpus(sources, out, workers=workers, progress=progress)
    except KeyboardInterrupt:
        tell(
            say(
                "已中断。读过的都留着，再运行同一条命令就接着做",
                "interrupted; what was read is kept, the same command goes on from there",
            ),
            messages,
        )
        raise typer.Exit(INTERRUPTED) from None
    _tell(result)
    if result.failed or any(head.violations for head in result.plans.values()):
        raise typer.Exit(DONE_WITH_PROBLEMS)


def _tell(result: CorpusResult) -> None:
    plans, read = len(result.plans), len(result.read)
    quads = sum(head.quads for head in result.plans.values())
    tell(
        say(
            f"{plans} 份规划，{quads} 条三元组：新读 {read} 份，未变 {plans - read} 份",
            f"{plans} plans, {quads} triples: {read} read, {plans - read} unchanged",
        )
    )
    broken = {name: head.violations for name, head in result.plans.items() if head.violations}
    for about, lines in (
        (
            say("{} 份文档没有读成：", "{} documents could not be read:"),
            [f"{name}: {why}" for name, why in sorted(result.failed.items())],
        ),
        (
            say("{} 份规划不合本体：", "{} plans do not conform:"),
            [f"{name}: {violations[0]}" for name, violations in broken.items()],
        ),
    ):
        if lines:
            tell(about.format(len(lines)), messages)
            for line in lines[:_SHOWN]:
                messages.print("  " + escape(line))
            if len(lines) > _SHOWN:
                tell("  …", messages)
    if plans and not broken:
        output.print(say("校验：符合，每条边都有依据", "Validation: conforms, and every edge has its source"))
    tell(
        say("\n下一步：", "\nNext:")
        + f"\n  hongtu query list_plans {result.folder}"
        + f"\n  hongtu notebook {result.folder}"
    )
