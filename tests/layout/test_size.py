"""Functions and files stay short enough to be read in one go; front doors say what is so."""

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for folder in ("jiannuo", "tests", "tools", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and not path.is_relative_to(ROOT / "tests" / "wrong")
)
OURS = [path for path in FILES if path.is_relative_to(ROOT / "jiannuo")]
SAYING = {"rules", "queries", "actions", "tick", "kernel", "policy", "documents"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def functions(path: Path) -> tuple[Function, ...]:
    return tuple(node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function))


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def front_doors(path: Path) -> Iterator[Function]:
    """Public functions on the top level of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def inside(path: Path, names: set[str]) -> bool:
    """Whether a module is one of these, or stands in a package so named."""
    return bool(names & {*path.relative_to(ROOT).parts[:-1], path.stem})


def offered(path: Path) -> set[str] | None:
    """The names a package of several files hands out through its `__init__`; nothing for a single file."""
    door = path.with_name("__init__.py")
    if path.parent.name != "actions" or path == door:
        return None
    imports = (node for node in ast.parse(door.read_text("utf-8")).body if isinstance(node, ast.ImportFrom))
    return {name.name for node in imports for name in node.names}


def test_no_function_is_longer_than_50_lines() -> None:
    long = {f"{p.relative_to(ROOT)}:{f.name}": lines_of(f) for p in FILES for f in functions(p) if lines_of(f) > 50}
    assert long == {}


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_most_functions_and_files_are_short() -> None:
    lengths = sorted(lines_of(function) for path in OURS for function in functions(path))
    files = sorted(len(path.read_text("utf-8").splitlines()) for path in OURS if path.read_text("utf-8").strip())
    assert statistics.median(lengths) <= 10
    assert lengths[int(len(lengths) * 0.9)] <= 30
    assert statistics.median(files) <= 120
    assert files[int(len(files) * 0.9)] <= 250


def test_every_front_door_says_in_one_sentence_what_is_so() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in OURS
        if inside(path, SAYING)
        for function in front_doors(path)
        if not ast.get_docstring(function)
    ]
    assert silent == []


def test_actions_take_their_arguments_by_name() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in OURS
        if inside(path, {"actions"})
        for function in front_doors(path)
        if (names := offered(path)) is None or function.name in names
        if len(function.args.posonlyargs) + len(function.args.args) > 1
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "helper", "common", "misc", "libraries"])
def test_no_module_is_named_for_nothing(name: str) -> None:
    assert [path for path in OURS if inside(path, {name})] == []
