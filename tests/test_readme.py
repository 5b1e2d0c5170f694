"""What the READMEs tell people to type does what they say."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hongtu.loaders.packaged import packaged

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
NOT_TRIED = ("notebook", "serve")
"""Commands that do not end by themselves; tests/graph/test_cli.py tries them."""


def commands(readme: str) -> list[str]:
    """Return the hongtu commands of a README, those of blocks and those within lines."""
    text = (ROOT / readme).read_text("utf-8")
    found = re.findall(r"^(?:\$ )?(hongtu [^#\n]+)", text, re.MULTILINE) + re.findall(
        r"`(hongtu [^`\n]+)`", text
    )
    return [command.strip() for command in found if command.split()[1] not in NOT_TRIED]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the examples speak of: a build, tables, and the text of a plan."""
    folder = tmp_path_factory.mktemp("readme")
    with packaged("sample") as sample:
        shutil.copy(sample / "plan.txt", folder)
    run("hongtu build --out hongdong", folder)
    run("hongtu export hongdong tables", folder)
    shutil.copytree(folder / "hongdong", folder / "hongdong-before")
    (folder / "reports").mkdir()
    shutil.copy(folder / "plan.txt", folder / "reports")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = command.split(" > ")[0]
    return subprocess.run(
        [sys.executable, "-m", "hongtu.graph.cli", *shlex.split(command)[1:]],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("readme", "command"), [(readme, command) for readme in READMES for command in commands(readme)]
)
def test_a_command_of_the_readme_works(
    folder: Path, readme: str, command: str, request: pytest.FixtureRequest
) -> None:
    if "--plan-text" in command:
        shutil.copy(request.getfixturevalue("hongdong_text"), folder / "hongdong.txt")
    result = run(command, folder)
    # The text that an example before adds to the graph is a difference.
    assert result.returncode == 0 or (result.returncode, command.split()[1]) == (1, "diff"), result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("readme", READMES)
def test_the_python_of_the_readme_runs(
    folder: Path, readme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(block, {})  # noqa: S102 - the README's own example
    assert "line 157" in capsys.readouterr().out


def test_both_readmes_have_the_same_commands() -> None:
    assert commands(READMES[0]) == commands(READMES[1])
