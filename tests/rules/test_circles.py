"""No circle of imports between modules."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PACKAGES = ("contracts", "chassis", "services", "sandbox", "loa")
Imports = Mapping[str, set[str]]


@pytest.fixture(scope="module")
def imports() -> Imports:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def circle(imports: Imports) -> list[str]:
    """A circle in `imports`, first and last module alike; empty when there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_modules_import_each_other_in_no_circle(imports: Imports) -> None:
    assert not circle(imports)


def test_a_planted_circle_is_found() -> None:
    planted = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    assert sorted(set(circle(planted))) == ["a", "b", "c"]
