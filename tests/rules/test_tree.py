"""How the tree is kept: small files, small functions, a sentence for each room, and no address of a registry."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.tree import PACKAGES, ROOT, files, name, python_files

FILE_LINES, FUNCTION_LINES = 200, 40
REGISTRIES = tuple(f"{name}.org" for name in ("pypi", "pythonhosted", "repo1.maven", "npmjs", "deb.debian"))
Function = ast.FunctionDef | ast.AsyncFunctionDef
WRITTEN = {".py", ".toml", ".md", ".yaml", ".yml", ".sh", ".xml", ".lock", ".cfg", ".ini", ".properties", ""}


def test_a_file_is_about_one_thing() -> None:
    lines = {name(path): len(path.read_text().splitlines()) for path in python_files()}
    long = {path: count for path, count in lines.items() if count > FILE_LINES}
    assert not long, "split these by idea"


def test_a_function_is_read_at_one_glance() -> None:
    long = {
        f"{name(path)}: {function.name}": lines
        for path in python_files()
        for function, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert not long, "split these by idea"


def functions(path: Path) -> Iterator[tuple[Function, int]]:
    """Each function with its own lines: those of functions inside it are theirs."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node, extent(node) - sum(extent(function) for function in outermost(node))


def outermost(node: ast.AST) -> Iterator[Function]:
    """The functions directly inside."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child
        else:
            yield from outermost(child)


def extent(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("package", PACKAGES)
def test_each_top_level_folder_says_what_may_live_in_it(package: str) -> None:
    sentence = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text()))
    assert sentence
    assert len(sentence) > 30


def test_packages_with_code_say_what_may_live_in_them() -> None:
    folders = {path.parent for path in python_files() if not path.is_relative_to(ROOT / "tests")} - {ROOT}
    silent = {name(folder) for folder in folders if not _sentence(folder / "__init__.py")}
    assert not silent


def _sentence(init: Path) -> str | None:
    return ast.get_docstring(ast.parse(init.read_text())) if init.exists() else None


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_file_names_a_registry(registry: str) -> None:
    """Where packages come from is the machine's configuration: a province has mirrors of its own."""
    written = [path for path in files() if path.suffix in WRITTEN and path.stat().st_size < 2_000_000]
    naming = [name(path) for path in written if registry in path.read_text(errors="replace")]
    assert not naming
