"""Fuzz the document readers: small valid files of every kind, broken in all ways, must give a text or an InputError.

    python benchmarks/fuzz_documents.py --minutes 10 --seed 1

Found counts what is neither: another exception, a case of more than 5 seconds, a text that is not what its digest
says. The file of a finding is kept in the folder that is told. A case that hangs for a minute or kills the process ends
the run with a traceback; its file is the one left as ``case.*`` in that folder. The same seed gives the same cases.
"""

import argparse
import faulthandler
import hashlib
import io
import random
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from hongtu.loaders.documents import read_document
from hongtu.loaders.errors import InputError

LINES = (
    "澄河县国民经济和社会发展第十四个五年规划纲要",
    "第一章 构建现代产业体系",
    "（一）装备制造产业。支持澄河重工在城东工业园建设年产三万台水泵生产线，力争二〇二五年产值达到五十亿元。",
    "特色农业。在柳湾镇、石桥乡发展苹果种植5万亩，建成冷链物流中心，带动农户1.2万户，年均增收3000元以上。",
)
ROWS = (
    ("项目名称", "建设地点", "总投资"),
    ("水泵生产线项目", "城东工业园", "12亿元"),
    ("冷链中心", "柳湾镇", "3亿元"),
)
SLOWEST = 5.0
"""Seconds that one small file may take."""

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TOKENS = [
    *(
        b"\0",
        b"\xff\xff\xff\xff",
        b"\x80\x00\x00\x00",
        b"-1",
        b"4294967296",
        b"99999999999999999999",
        b"\xef\xbb\xbf",
    ),
    *(
        b"<",
        b">",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
        b"&#x110000;",
        b"&#xD800;",
        b"&x;",
        b"</p>",
        b"<tr><td>",
        b"<div " * 40,
    ),
    *(
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        b"<meta charset=utf-7>",
        b"<meta charset=rot13>",
    ),
    *(b"<w:p>", b"<w:tbl/>", b"<w:ilvl w:val='-9'/>", b"w:val='99999999999'", b"%9", b"xmlns:w='x'"),
    *(
        b"endobj",
        b"stream\n",
        b"<< /Type /Page >>",
        b"/Kids [3 0 R 2 0 R]",
        b"/Count 999999999",
        b"/Length -5",
        b"Do ",
        b"Tj",
    ),
    *(
        b"/Encrypt << /Filter /Standard /V 9 >>",
        b"1e308",
        b"[" * 500,
        b"(" * 500,
        b"<<" * 300,
        b"|" * 80,
        b"> " * 400,
    ),
    *(
        b"- " * 300,
        b"`" * 99,
        b"*_" * 200,
        b"[x](" * 99,
        b"\r",
        b"\xe2\x80\xa8",
        "专栏".encode(),
        "一、".encode("gb18030"),
    ),
]


def make_html() -> bytes:
    """Return a web page with a menu, a table and a footer."""
    body = "".join(f"<p>{line}</p>" for line in LINES)
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{LINES[0]}_澄河县人民政府</title></head><body>"
        f"<div class='nav'><a href='/'>首页</a></div><div id='zoom'>{body}<table>{table}</table></div>"
        "<div class='footer'>版权所有</div><script>var a = 1;</script></body></html>"
    ).encode()


def make_docx(parts: dict[str, bytes] | None = None) -> bytes:
    """Return a Word file with numbered headings and a table; ``parts`` takes the place of parts with these names."""
    import docx

    document = docx.Document()
    document.add_heading(LINES[0], 0)
    for line in LINES[1:]:
        document.add_paragraph(line)
    table = document.add_table(0, len(ROWS[0]))
    for row in ROWS:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph("推进水泵产业集聚。", style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    parts = parts or {}
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys((*old.namelist(), *parts)):
            part = parts[name] if name in parts else old.read(name)
            # A new ZipInfo has the time of 1980, not that of now.
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return changed.getvalue()


def make_pdf(pages: list[list[tuple[float, float, str]]], *, size: float = 12, extra: str = "") -> bytes:
    """Return a PDF that shows lines of text, each at a place in points from the left and the bottom of its page.

    The font is not in the file; the characters are named by their Unicode, as Word and WPS do for Chinese.
    """
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{6 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
        (
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /Ascent 880 "
            "/Descent -120 /ItalicAngle 0 /CapHeight 880 /StemV 93 >>"
        ),
    ]
    for i, page in enumerate(pages):
        shown = "".join(
            f"BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET\n" for x, y, words in page
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}endstream")
    content = b"%PDF-1.5\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{item}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        content
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {extra} >>\nstartxref\n{len(content)}\n%%EOF\n"
        ).encode()
    )


def samples() -> list[tuple[str, bytes]]:
    """Return a valid file of every kind: its ending and its bytes."""
    text = "\n".join(LINES) + "\n"
    markdown = (
        f"# {LINES[0]}\n\n## {LINES[1]}\n\n1. **{LINES[2]}**\n2. [{LINES[3]}](http://x)\n\n"
        + "\n".join("|".join(row) for row in (ROWS[0], ("---",) * 3, *ROWS[1:]))
    )
    page = [(72.0, 700.0 - 20 * i, line[:36]) for i, line in enumerate(LINES)]
    return [
        *((".txt", text.encode(encoding)) for encoding in ("utf-8", "gb18030", "utf-16", "utf-16-be")),
        (".md", markdown.encode()),
        (".html", make_html()),
        (".docx", make_docx()),
        (".pdf", make_pdf([page, page])),
    ]


def mutate(content: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Return bytes broken in one to eight places."""
    broken = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        at = dice.randrange(len(broken) + 1)
        end = min(len(broken), at + dice.choice((1, 2, 4, 16, 200)))
        match dice.randrange(8):
            case 0:
                broken[at:end] = dice.randbytes(end - at)
            case 1:
                del broken[at:end]
            case 2:
                broken[at:at] = broken[at:end] * dice.choice((1, 2, 50))
            case 3 | 4:
                broken[at : at + dice.choice((0, 0, 4))] = dice.choice(_TOKENS)
            case 5:
                del broken[at if dice.random() < 0.2 else len(broken) :]
            case 6:
                other = dice.choice(others)
                start = dice.randrange(len(other))
                broken[at:end] = other[start : start + dice.choice((10, 100, 1000))]
            case 7 if at < len(broken):
                broken[at] ^= 1 << dice.randrange(8)
    return bytes(broken)


def mutate_parts(content: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Return a zip file of which one part, more often the text or its numbering, is broken within."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        names = old.namelist()
        chosen = dice.choice(
            [*names, *["word/document.xml"] * 20, *["word/numbering.xml", "word/styles.xml"] * 5]
        )
        for name in names:
            part = old.read(name)
            if name == chosen:
                part = mutate(part, others, dice)
                # Most breaks end at the XML parser: what it makes of them gets further.
                if dice.random() < 0.7:
                    part = _mended(part)
            new.writestr(zipfile.ZipInfo(name), part)
    return changed.getvalue()


def _mended(part: bytes) -> bytes:
    try:
        root = etree.fromstring(part, etree.XMLParser(recover=True, resolve_entities=False))
        return bytes(etree.tostring(root))
    except (etree.LxmlError, ValueError, TypeError, AssertionError):
        return part


def fuzz(
    folder: Path, *, seconds: float, seed: int, progress: Callable[[str], None] = print
) -> tuple[int, list[str]]:
    """Read broken files for a time; return how many, and what was found.

    :param folder: where the case at hand is written, and the files of findings are kept.
    """
    dice = random.Random(seed)
    valid = samples()
    everything = [content for _, content in valid]
    found: list[str] = []
    outcomes: Counter[str] = Counter()
    cases, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        ending, content = dice.choice(valid)
        breaking = mutate_parts if ending == ".docx" and dice.random() < 0.8 else mutate
        content = breaking(content, everything, dice)
        if ending == ".md" and dice.random() < 0.7:
            content = content.decode("utf-8", "ignore").encode()
        file = folder / f"case{ending}"
        file.write_bytes(content)
        if problem := _problem(file, outcomes, ending):
            found.append(f"case {cases} of seed {seed}: {problem}")
            progress(found[-1])
            (folder / f"found-{seed}-{cases}{ending}").write_bytes(content)
        file.unlink()
        cases += 1
    progress(", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())))
    return cases, found


def _problem(file: Path, outcomes: Counter[str], ending: str) -> str:
    """Return what is wrong with how a file is read, or nothing."""
    began = time.monotonic()
    faulthandler.dump_traceback_later(60, exit=True)
    try:
        plan = read_document(file)
        outcomes[f"{ending} read"] += 1
        if hashlib.sha256(plan.text.encode("utf-8")).hexdigest() != plan.sha256:
            return "the digest is not that of the text"
    except InputError as error:
        outcomes[f"{ending} refused"] += 1
        if "\n" in str(error) or len(str(error)) > 400:
            return f"no single clear sentence: {str(error)[:500]!r}"
    except Exception as error:  # noqa: BLE001 - these are what is looked for
        return f"{type(error).__name__}: {error}"
    finally:
        faulthandler.cancel_dump_traceback_later()
    took = time.monotonic() - began
    return f"took {took:.1f} s" if took > SLOWEST else ""


def main() -> int:
    """Run from the command line; the exit code is 1 when anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    faulthandler.enable()
    folder = Path(tempfile.mkdtemp(prefix="hongtu-fuzz-"))
    cases, found = fuzz(folder, seconds=60 * options.minutes, seed=options.seed)
    print(f"{cases} cases, {len(found)} found; files in {folder}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
