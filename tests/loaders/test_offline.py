"""Reading a plan is a matter of this machine alone: the default path opens no socket and needs no model."""

import subprocess
import sys

import pytest

WATCHED = """
import socket, sys

def refuse(*_, **__):
    raise AssertionError("a socket was opened")

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse
{run}
unwanted = {{"hongtu.loaders.language_model", "urllib.request", "http.client"}} & set(sys.modules)
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


@pytest.mark.parametrize("run", RUN)
def test_default_path_opens_no_socket_and_loads_no_client(run: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.format(run=RUN[run])],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
