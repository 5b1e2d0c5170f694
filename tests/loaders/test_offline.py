"""Reading a plan is a matter of this machine alone: the default path opens no socket and needs no model."""

import subprocess
import sys
from pathlib import Path

import pytest

from hongtu.loaders.packaged import packaged

WATCHED = """
import socket, sys

def refuse(*_, **__):
    raise AssertionError("a socket was opened")

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse
{run}
"""
NO_CLIENT = """
unwanted = {"hongtu.loaders.language_model", "urllib.request", "http.client"} & set(sys.modules)
assert not unwanted, unwanted
"""
RUN = {
    "import": "import hongtu.loaders.extraction",
    "extract": """
from hongtu.loaders.extraction import extract
from hongtu.loaders.plan_text import PlanText
text = "青禾县发展规划\\n第一章 果业\\n青禾果业集团在河湾镇建设冷链仓库。\\n"
assert extract(PlanText(text, "0" * 64), "青禾县").entities
""",
}


def watched(run: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process in which any use of a socket fails."""
    return subprocess.run(
        [sys.executable, "-c", WATCHED.format(run=run), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("run", RUN)
def test_default_path_opens_no_socket_and_loads_no_client(run: str) -> None:
    done = watched(RUN[run] + NO_CLIENT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments", [["build", "--out"], ["extract", "--tables"]])
def test_commands_open_no_socket(arguments: list[str], tmp_path: Path) -> None:
    with packaged("sample") as sample:
        command, option = arguments
        done = watched(
            "from hongtu.graph.cli import app; app()", command, sample / "plan.txt", option, tmp_path / "out"
        )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").is_dir()
