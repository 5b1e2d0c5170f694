"""The commands that read a plan's text: ``hongtu extract`` and ``hongtu review``."""

import hashlib
import json
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hongtu.graph.console import DONE_WITH_PROBLEMS, messages, print_contents, print_stale, tell
from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say

if TYPE_CHECKING:
    from hongtu.loaders.language_model import Extractor, ModelSettings

EXTRACTED, SHOWN, DIGEST = ".extracted", ".shown", "digest"
"""Folders beside tables for review: what the program read, and what the person was shown."""

PlanFile = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN", help=say("规划原文：.txt .md .html .docx .pdf", "the plan: .txt .md .html .docx .pdf")
    ),
]
Corrections = Annotated[
    Path | None,
    typer.Option(
        help=say(
            "人工校正（hongtu review 写出），重放在结果上",
            "a person's corrections (by hongtu review), replayed",
        ),
        show_default=False,
    ),
]


class AnnotationFormat(StrEnum):
    """Formats of annotation tools."""

    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"


EXTRACT_HELP = say(
    "读规划原文：写出可以在 Excel 里校对的表格，把握最小的排在最前，每行带原句。\n\n"
    "例：`hongtu extract plan.txt --tables plan`\n\n"
    "`hongtu extract plan.pdf --tables plan --corrections plan-corrections.csv`",
    "Read a plan's text: writes tables to be checked in Excel, the least sure rows first, each with its sentence.\n\n"
    "Examples: `hongtu extract plan.txt --tables plan`\n\n"
    "`hongtu extract plan.pdf --tables plan --corrections plan-corrections.csv`",
)


def extract(
    plan: PlanFile,
    tables: Annotated[
        Path | None, typer.Option(help=say("写表格的文件夹", "folder for the tables"), show_default=False)
    ] = None,
    corrections: Corrections = None,
    annotate: Annotated[
        Path | None,
        typer.Option(
            help=say("写成标注工具的任务文件", "write the tasks of an annotation tool to this file"),
            show_default=False,
        ),
    ] = None,
    annotation_format: Annotated[
        AnnotationFormat, typer.Option(help=say("标注工具", "the annotation tool"))
    ] = AnnotationFormat.LABEL_STUDIO,
    model: Annotated[
        str,
        typer.Option(
            help=say(
                "再请语言模型补充（默认不用，不联网）", "ask a language model too (default: none, offline)"
            ),
            show_default=False,
        ),
    ] = "",
    model_url: Annotated[
        str,
        typer.Option(
            help=say("OpenAI 兼容的接口，如 http://localhost:11434/v1", "OpenAI-compatible endpoint"),
            show_default=False,
        ),
    ] = "",
    model_key_variable: Annotated[
        str, typer.Option(help=say("存密钥的环境变量", "environment variable that holds the key"))
    ] = "HONGTU_MODEL_KEY",
    model_cache: Annotated[
        Path | None,
        typer.Option(help=say("存模型回答的文件", "file that keeps the model's answers"), show_default=False),
    ] = None,
    model_price: Annotated[
        str,
        typer.Option(
            metavar="IN,OUT",
            help=say("每百万词元的价格", "price per million tokens, in and out"),
            show_default=False,
        ),
    ] = "",
    max_cost: Annotated[
        str, typer.Option(help=say("费用上限", "stop before this cost"), show_default=False)
    ] = "",
    model_option: Annotated[
        list[str],
        typer.Option(
            metavar="FIELD=JSON",
            help=say("改请求里的字段", "change a field of the requests"),
            show_default=False,
        ),
    ] = [],  # noqa: B006 - typer copies defaults
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help=say("只估算模型的用量和费用", "only estimate the model's tokens and cost")
        ),
    ] = False,
) -> None:
    """Read a plan's text into tables."""
    from hongtu.loaders import extraction
    from hongtu.loaders.documents import read_document
    from hongtu.loaders.patch import read_patch
    from hongtu.loaders.replay import apply
    from hongtu.loaders.rows import write_review, write_tables

    if tables is None and annotate is None and not dry_run:
        raise UsageError(
            say("写上 --tables 文件夹（或 --annotate 文件）", "give --tables FOLDER (or --annotate FILE)")
        )
    interface = annotate.with_suffix(".xml") if annotate else None
    if annotate and annotate == interface:
        raise UsageError(
            say(
                f"--annotate {annotate}：任务写成 .json 或 .jsonl 文件",
                f"--annotate {annotate}: tasks are written to a file .json or .jsonl",
            )
        )
    if tables and _was_edited(tables):
        raise UsageError(
            say(
                f"{tables}：里面的表改过了，不覆盖；先 hongtu review {plan} --tables {tables} 记下校正，或换一个文件夹",
                f"{tables}: its tables were edited and are not overwritten; keep the corrections with "
                f"hongtu review {plan} --tables {tables} first, or choose another folder",
            )
        )
    text = read_document(plan)
    reader: Extractor = extraction
    asked = None
    if model or model_url or dry_run:
        from hongtu.loaders.language_model import LanguageModelExtractor

        settings = _settings(
            model, model_url, model_key_variable, model_cache, model_price, max_cost, model_option
        )
        reader = asked = LanguageModelExtractor(settings, extraction)
        if dry_run:
            tell(str(asked.estimate(text, plan.stem)))
            return
    with messages.status(say("读原文", "reading")):
        extracted = reader.extract(text, plan.stem)
    replay = apply(extracted, read_patch(corrections) if corrections else (), text)
    records, stale = replay.tables, list(replay.stale)
    print_contents(records)
    print_stale(stale)
    if tables:
        write_review(records, tables, text)
        # What a person's changes are told by, whatever this program, a model or the corrections say later.
        write_tables(extracted, tables / EXTRACTED)
        write_tables(records, tables / SHOWN)
        (tables / SHOWN / DIGEST).write_text(_digest(tables), "utf-8")
        named = f" --corrections {corrections}" if corrections else ""
        kept = corrections or _corrections_beside(tables)
        tell(
            say(
                f"写到 {tables}；用 Excel 校对后\n"
                f"  记下校正 hongtu review {plan} --tables {tables}{named}\n"
                f"  建图谱   hongtu build {plan} --corrections {kept}",
                f"Written to {tables}; correct them in Excel, then\n"
                f"  keep the corrections: hongtu review {plan} --tables {tables}{named}\n"
                f"  build the graph:      hongtu build {plan} --corrections {kept}",
            )
        )
    if annotate:
        if annotation_format is AnnotationFormat.DOCCANO:
            from hongtu.loaders.doccano import write_doccano as write_tasks
        else:
            from hongtu.loaders.label_studio import write_label_studio as write_tasks
        write_tasks(records, text, annotate)
        tell(str(annotate))
        if annotation_format is AnnotationFormat.LABEL_STUDIO:
            tell(
                say(
                    f"{interface}：粘贴到 Settings → Labeling Interface → Code",
                    f"{interface}: to paste into Settings → Labeling Interface → Code",
                )
            )
    if asked:
        tell(str(asked.report), messages)
    if stale or (asked and not asked.report.complete):
        raise typer.Exit(DONE_WITH_PROBLEMS)


REVIEW_HELP = say(
    "记下校正：比较校对过的表格（或标注）和重新读出的结果，写成 plan-corrections.csv，下次重放。\n\n"
    "例：`hongtu review plan.txt --tables plan`\n\n"
    "`hongtu review plan.txt --annotated export.json`",
    "Keep corrections: compares the tables (or annotations) that a person corrected with a fresh reading, and writes "
    "plan-corrections.csv, to be replayed.\n\nExamples: `hongtu review plan.txt --tables plan`\n\n"
    "`hongtu review plan.txt --annotated export.json`",
)


def review(
    plan: PlanFile,
    tables: Annotated[
        Path | None,
        typer.Option(
            help=say("校对过的表格：CSV 文件夹或 .xlsx", "the corrected tables: folder of CSV or .xlsx"),
            show_default=False,
        ),
    ] = None,
    annotated: Annotated[
        Path | None,
        typer.Option(help=say("标注工具导出的文件", "what the annotation tool exported"), show_default=False),
    ] = None,
    annotation_format: Annotated[
        AnnotationFormat, typer.Option(help=say("标注工具", "the annotation tool"))
    ] = AnnotationFormat.LABEL_STUDIO,
    corrections: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "写校正的文件，已有的会续写；默认在表格旁边：表格名-corrections.csv（标注：规划名-corrections.csv）",
                "the file of corrections; an earlier one is continued; by default TABLES-corrections.csv "
                "beside the tables, with --annotated PLAN-corrections.csv beside the plan",
            ),
            show_default=False,
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help=say("CSV 的编码", "encoding of the CSV files"))] = "utf-8",
) -> None:
    """Learn a person's corrections."""
    from hongtu.loaders.documents import read_document
    from hongtu.loaders.extraction import extract as read
    from hongtu.loaders.patch import CORRECTIONS, find_quotes, read_patch, with_quotes, write_patch
    from hongtu.loaders.replay import apply
    from hongtu.loaders.review import difference, read_corrected
    from hongtu.loaders.source import read_tables

    text = read_document(plan)
    corrections = corrections or _corrections_beside(tables or plan)
    earlier = read_patch(corrections) if corrections.exists() else ()
    if tables and (tables / EXTRACTED).is_dir():
        extracted, shown = read_tables(tables / EXTRACTED), read_tables(tables / SHOWN)
    else:
        with messages.status(say("读原文", "reading")):
            extracted = read(text, plan.stem)
        shown = apply(extracted, earlier, text).tables
    if tables and annotated:
        raise UsageError(say("--tables 和 --annotated 只能选一个", "give --tables or --annotated, not both"))
    if tables:
        corrected = read_corrected(tables, shown, text, encoding=encoding)
    elif annotated and annotation_format is AnnotationFormat.DOCCANO:
        from hongtu.loaders.doccano import read_doccano

        corrected = read_doccano(annotated, shown, text)
    elif annotated:
        from hongtu.loaders.label_studio import read_label_studio

        corrected = read_label_studio(annotated, shown, text)
    else:
        raise UsageError(
            say("写上 --tables 文件夹，或 --annotated 文件", "give --tables FOLDER, or --annotated FILE")
        )
    held, lost = find_quotes(earlier, text)
    patch = difference(extracted, corrected, earlier=held)
    if corrected.plan.sha256 == text.sha256:
        patch = with_quotes(patch, text)
    # What the text no longer says is kept, for a text that says it again.
    decided = set(map(CORRECTIONS.key, patch))
    patch += tuple(decision for decision in lost if CORRECTIONS.key(decision) not in decided)
    write_patch(patch, corrections)
    if tables and (tables / SHOWN).is_dir():
        (tables / SHOWN / DIGEST).write_text(_digest(tables), "utf-8")
    tell(
        say(
            f"{corrections}：{len(patch)} 条校正；建图谱：\n  hongtu build {plan} --corrections {corrections}",
            f"{corrections}: {len(patch)} corrections; to build:\n  hongtu build {plan} --corrections {corrections}",
        )
    )


def _corrections_beside(reviewed: Path) -> Path:
    """Return where corrections are kept: beside the folder or file that a person looked at, under its name."""
    place = reviewed if reviewed.name.strip(".") else reviewed.resolve()
    return place.with_name(f"{place.name if place.is_dir() else place.stem}-corrections.csv")


def _digest(tables: Path) -> str:
    """Return what tells whether tables were edited: the SHA-256 of all CSV files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(tables.glob("*.csv")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _was_edited(tables: Path) -> bool:
    """Tell whether a folder holds tables that changed since they were written or reviewed."""
    written = tables / SHOWN / DIGEST
    if not any(tables.glob("*.csv")):
        return False
    return not written.is_file() or written.read_text("utf-8") != _digest(tables)


def _settings(
    model: str,
    url: str,
    key_variable: str,
    cache: Path | None,
    price: str,
    max_cost: str,
    options: list[str],
) -> "ModelSettings":
    """Return the settings of a language model from the words of the command line.

    :raises UsageError: when one cannot be read.
    """
    from hongtu.loaders.language_model import ModelSettings

    if not model or not url:
        raise UsageError(
            say(
                "问语言模型（或用 --dry-run 估算）要写上 --model 和 --model-url",
                "to ask a language model (or to estimate with --dry-run) give --model and --model-url",
            )
        )
    prices = [_number("--model-price", part) for part in price.split(",")] if price else [None, None]
    if len(prices) != 2:
        raise UsageError(say(f"--model-price {price}：写成 入,出", f"--model-price {price}: write IN,OUT"))
    fields: dict[str, Any] = {}
    for option in options:
        name, _, value = option.partition("=")
        try:
            fields[name] = json.loads(value)
        except json.JSONDecodeError as error:
            raise UsageError(
                say(f"--model-option {option}：写成 FIELD=JSON", f"--model-option {option}: write FIELD=JSON")
            ) from error
    return ModelSettings(
        model=model,
        url=url,
        key_variable=key_variable,
        options=fields,
        cache=cache,
        input_price=prices[0],
        output_price=prices[1],
        max_cost=_number("--max-cost", max_cost) if max_cost else None,
    )


def _number(option: str, word: str) -> Decimal:
    try:
        return Decimal(word)
    except InvalidOperation as error:
        raise UsageError(say(f"{option} {word}：写数字", f"{option} {word}: write a number")) from error
