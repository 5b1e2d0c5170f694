"""Type checkers find ``hongtu.loaders.values`` by ``typings/hongtu/loaders/values.pyi``, which points to the folder."""

import importlib
import pkgutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
STUBS = ROOT / "typings" / "hongtu"
PACKAGES = ("ontology", "loaders", "graph")


def stubs() -> dict[Path, str]:
    """Return the line of every stub that there should be, by file."""
    wanted = {}
    for folder in PACKAGES:
        package = importlib.import_module(f"hongtu.{folder}")
        wanted[STUBS / folder / "__init__.pyi"] = f"from {folder} import *\n"
        for module in pkgutil.walk_packages(package.__path__, f"{folder}."):
            stub = STUBS.joinpath(*module.name.split("."))
            stub = stub / "__init__.pyi" if module.ispkg else stub.with_suffix(".pyi")
            wanted[stub] = f"from {module.name} import *\n"
    return wanted


def test_every_module_has_its_stub() -> None:
    missing = [str(file.relative_to(ROOT)) for file in stubs() if not file.is_file()]
    assert not missing, "write these files, each with one line “from <folder>.<module> import *”"


def test_every_stub_points_to_its_module() -> None:
    assert {file: file.read_text("utf-8") for file in STUBS.rglob("*.pyi")} == stubs()
