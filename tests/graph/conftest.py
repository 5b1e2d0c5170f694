import sys

import pytest

from hongtu.graph import cli


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
    monkeypatch.setenv("COLUMNS", "200")
    return Hongtu(monkeypatch, capsys)
