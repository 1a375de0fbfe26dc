"""No circle of imports: not between modules anywhere, and not between the chatbot's folders, whose root holds no others."""

from collections import defaultdict
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from tests.rules.tree import ROOT, files, python_files

PACKAGES = ("contracts", "chassis", "services", "sandbox", "loa")
CHATBOT = "services.chatbot"
ROOT_MODULES = {
    "__init__", "__main__", "app", "settings", "handle", "decide", "state", "jobs", "metrics", "store",
}  # fmt: skip
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


def folder(module: str) -> str:
    """What a module of the chatbot belongs to: the folder in its root, for a feature that feature, or the module itself."""
    inside = module.removeprefix(f"{CHATBOT}.").split(".")
    return ".".join(inside[:2] if inside[0] == "features" else inside[:1])


def by_folder(imports: Imports) -> Imports:
    folders: dict[str, set[str]] = defaultdict(set)
    for module, imported in imports.items():
        if module.startswith(f"{CHATBOT}."):
            targets = {folder(target) for target in imported if target.startswith(f"{CHATBOT}.")}
            folders[folder(module)] |= targets - {folder(module)}
    return folders


def test_modules_import_each_other_in_no_circle(imports: Imports) -> None:
    assert not circle(imports)


def test_the_chatbots_folders_import_each_other_in_no_circle(imports: Imports) -> None:
    assert not circle(by_folder(imports))


def test_the_chatbots_root_holds_what_every_service_has_and_nothing_else() -> None:
    here = ROOT / "services" / "chatbot"
    assert {path.stem for path in python_files() if path.parent == here} <= ROOT_MODULES
    assert {path.name for path in files() if path.parent == here and path.suffix != ".py"} == {"README.md"}


def test_a_planted_circle_is_found() -> None:
    planted = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    assert sorted(set(circle(planted))) == ["a", "b", "c"]


def test_a_circle_of_folders_is_found_where_no_modules_circle() -> None:
    planted = {
        f"{CHATBOT}.dialogue.flow": {f"{CHATBOT}.features.fines.flow"},
        f"{CHATBOT}.features.fines.effects": {f"{CHATBOT}.dialogue.effects"},
    }
    assert not circle(planted)
    assert circle(by_folder(planted))
