"""What import-linter cannot see: foreign keys, front doors, imports inside functions, the weight of starting."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [[name.strip(" ()") for name in line.split("|")] for line in CONTRACTS[0]["layers"]]
RANK = {name: -height for height, line in enumerate(LAYERS) for name in line}
FACES = {"portal", "desk", "api", "cli"}
GROUND = {"kernel", "policy", "documents"}
STAGES = RANK.keys() - FACES - GROUND - {"site"}
FRONT_DOORS = {"queries", "actions", "rules"}
NETWORK = {"urllib.request", "http.client", "ftplib", "telnetlib", "xmlrpc.client"}
HEAVY = {
    "cryptography",
    "python_calamine",
    "openpyxl",
    "xlsxwriter",
    "httpx",
    "playwright",
    "polars",
    "duckdb",
    "pandas",
    "numpy",
    "docx",
    "typst",
    "vl_convert",
    "PIL",
    "pypdf",
}
MODULES = sorted((ROOT / "jiannuo").rglob("*.py"))


def package_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("jiannuo", include_external_packages=True, cache_dir=None)


def test_foreign_keys_point_back_along_the_flow() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {other._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and isinstance(other := field.related_model, type)
        if {model._meta.app_label, other._meta.app_label} <= RANK.keys()
        if RANK[other._meta.app_label] > RANK[model._meta.app_label]
    ]
    assert wrong == []


def test_neighbours_come_in_by_the_front_door(graph: grimp.ImportGraph) -> None:
    wrong = []
    for importer in graph.modules:
        if not importer.startswith("jiannuo."):
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            if package_of(imported) not in STAGES - {package_of(importer)} or not imported.startswith("jiannuo."):
                continue
            doors = FRONT_DOORS | {"tick"} if package_of(importer) == "cli" else FRONT_DOORS
            if not doors & set(imported.split(".")[2:3]):
                wrong.append(f"{importer} -> {imported}")
    assert sorted(wrong) == []


def test_every_stage_is_held_to_its_inner_order() -> None:
    held = {package_of(name) for name in CONTRACTS[1]["containers"]}
    present = {path.parent.name for path in (ROOT / "jiannuo").glob("*/__init__.py")}
    assert held == STAGES & present


def test_only_exchange_opens_addresses(graph: grimp.ImportGraph) -> None:
    def opened(path: Path) -> set[str]:
        tree = ast.parse(path.read_text("utf-8"))
        plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        dotted = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        members = {
            f"{node.module}.{name.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        return (plain | dotted | members) & NETWORK

    wrong = {str(path.relative_to(ROOT)): opened(path) for path in MODULES if "exchange" not in path.parts}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_no_module_of_ours_is_imported_inside_a_function() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.level or re.match(r"jiannuo\b", node.module or "")))
        or (isinstance(node, ast.Import) and any(re.match(r"jiannuo\b", name.name) for name in node.names))
    ]
    assert wrong == []


def test_starting_the_site_loads_nothing_heavy() -> None:
    program = (
        "import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; "
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
