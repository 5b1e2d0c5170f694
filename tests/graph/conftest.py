import builtins
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output
from traitlets.config import Config

from hongtu.graph import KnowledgeGraph, cli, console
from hongtu.graph.jupyter import magic
from hongtu.loaders.errors import HongtuError


class Hongtu:
    """The command line, run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Return the exit code and what was printed on both channels."""
        self.monkeypatch.setattr(sys, "argv", ["hongtu", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            cli.app()
        printed = self.capsys.readouterr()
        return int(exit_.value.code or 0), printed.out, printed.err


@pytest.fixture
def hongtu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hongtu:
    # Set when the console was made, by whatever ran the tests.
    monkeypatch.setattr(console.output, "_width", 200)
    monkeypatch.setattr(console.messages, "_width", 200)
    return Hongtu(monkeypatch, capsys)


class Cells:
    """A shell of IPython in this process, with the magic loaded: cells go in, what they show comes out."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.outputs: list[RichOutput] = []
        self.printed = ""

    def run(self, cell: str) -> Any:
        """Run a cell that must not fail, and return what it gives; what it shows is in ``outputs`` and ``printed``."""
        with capture_output() as shown:
            result = self.shell.run_cell(cell)
        assert result.success, shown.stdout
        self.outputs, self.printed = shown.outputs, shown.stdout
        return result.result

    def fail(self, cell: str) -> str:
        """Run a cell that must fail with an error of Hongtu, and return all that is shown."""
        with capture_output() as shown:
            result = self.shell.run_cell(cell)
        assert isinstance(result.error_in_exec, HongtuError)
        assert not shown.outputs and not shown.stderr
        printed: str = shown.stdout
        return printed.strip()

    def data(self, kind: str) -> list[Any]:
        """Return what was shown of one MIME type."""
        return [output.data[kind] for output in self.outputs if kind in output.data]


@pytest.fixture
def cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: KnowledgeGraph) -> Iterator[Cells]:
    """A shell whose variable ``kg`` holds the sample."""
    # Doctests leave their last value there, and IPython then keeps its own to itself.
    monkeypatch.delattr(builtins, "_", raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=settings, colors="nocolor")
    magic.load(shell)
    shell.user_ns["kg"] = sample
    yield Cells(shell)
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()
