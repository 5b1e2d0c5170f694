import importlib
from types import ModuleType

import pytest

PACKAGES = ("hongtu.ontology", "hongtu.graph")


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_listed_once_and_exist(package: str) -> None:
    module = importlib.import_module(package)
    assert len(set(module.__all__)) == len(module.__all__)
    assert not [name for name in module.__all__ if not hasattr(module, name)]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_of_the_package_is_listed(package: str) -> None:
    module = importlib.import_module(package)
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(module.__all__)
