"""What docs/exchange.md tells people to type does what it says."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hongtu.graph.export import FORMATS

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("exchange.md", "exchange.zh.md")


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of a language, without comments."""
    found = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    return [re.sub(r" *#.*", "", block) for block in found]


def commands(page: str) -> list[str]:
    """Return the commands of a page's blocks, each once; a later one may read what an earlier one wrote."""
    lines = (line.strip() for block in blocks(page, "sh") for line in block.splitlines())
    return list(dict.fromkeys(line for line in lines if line.startswith("hongtu ")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all commands of the page ran, after a build and with the graph of an unpacked package."""
    folder = tmp_path_factory.mktemp("exchange")
    for command in ("hongtu build --out hongdong", "hongtu export hongdong graph.nq", *commands(PAGES[0])):
        words = shlex.split(command.split(" > ")[0], comments=True)
        run = [sys.executable, "-m", "hongtu.graph.cli", *words[1:]]
        result = subprocess.run(run, cwd=folder, capture_output=True, encoding="utf-8", check=False)
        # Like that of diff, the exit code tells of differences.
        allowed = (0, 1) if words[1] == "diff" else (0,)
        assert result.returncode in allowed, (command, result.stderr)
    return folder


def test_every_command_works_and_writes_its_file(folder: Path) -> None:
    written = re.findall(r"export \S+ (\S+)", "\n".join(commands(PAGES[0])))
    assert written and all((folder / name).exists() for name in written)


def test_both_pages_have_the_same_commands_and_code() -> None:
    assert commands(PAGES[0]) == commands(PAGES[1])
    for language in ("python", "javascript", "cypher"):
        assert blocks(PAGES[0], language) == blocks(PAGES[1], language) != []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_tells_of_every_format(page: str) -> None:
    table = (DOCS / page).read_text("utf-8").split("\n## ")[1]
    assert set(re.findall(r"`(\.\w+)`", "".join(re.findall(r"^\| .*? \|", table, re.MULTILINE)))) == {
        *FORMATS
    } - {""}


def test_the_python_walks_the_json(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for block in blocks(PAGES[0], "python"):
        exec(block, {})  # noqa: S102 - the page's own example
    assert "华翔集团 华翔智能制造产业园 line 157" in capsys.readouterr().out


def test_the_javascript_walks_the_json(folder: Path) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not at hand")
    for block in blocks(PAGES[0], "javascript"):
        result = subprocess.run(
            [node, "-e", block], cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
        assert result.returncode == 0, result.stderr
        assert "3DP打印 华翔智能制造产业园 0.6" in result.stdout
