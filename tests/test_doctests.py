"""The examples in the docstrings of all modules, run by import name."""

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("hongtu.ontology", "hongtu.loaders", "hongtu.graph")
MODULES = [
    *PACKAGES,
    *(
        module.name
        for package in PACKAGES
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_module_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
