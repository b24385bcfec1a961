"""The manual says what the pages and the checks say, and shows pictures of them."""

import base64
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jiannuo.api.application import api
from jiannuo.cli import arguments
from jiannuo.exchange import rules
from jiannuo.site.settings import KNOWN
from jiannuo.site.templatetags.design import DESK, PORTAL
from tests.packages.test_wrong_sheets import AT_THE_DOOR, CELLS, FILES

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "manual"
PICTURES = ROOT / "docs" / "pictures"
DOCUMENTS = sorted([*ROOT.glob("*.md"), ROOT / "jiannuo" / "README.md", *(ROOT / "docs").rglob("*.md")])
LARGEST = 300_000
BLOCK = re.compile(r"(?ms)^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$")
COMMAND = re.compile(r"(?m)^(?:.*&& )?(?:\.venv/bin/)?jiannuo (?P<words>[a-z][^\n#&|]*)")
WORDS = [*FILES.values(), *AT_THE_DOOR.values(), *(words for _, words in CELLS.values())]


def manual() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(MANUAL.glob("*.md")))


def blocks(*languages: str) -> list[tuple[str, str]]:
    """Fenced blocks of all documents in these languages, each with the document's name."""
    return [
        (str(path.relative_to(ROOT)), found["text"])
        for path in DOCUMENTS
        for found in BLOCK.finditer(path.read_text("utf-8"))
        if found["language"] in languages
    ]


def commands() -> list[str]:
    """Every `jiannuo` command that stands in a block for the shell, with its arguments."""
    found = (match["words"].strip() for _, text in blocks("sh") for match in COMMAND.finditer(text))
    return sorted(set(found))


@pytest.mark.parametrize("words", commands())
def test_every_command_shown_is_understood(words: str) -> None:
    arguments.parser().parse_args(shlex.split(words))


@pytest.mark.parametrize("document, text", blocks("sh"))
def test_every_shell_block_is_a_shell_script(document: str, text: str) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=text.replace("<", "").replace(">", ""), text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, f"{document}: {done.stderr}"


@pytest.mark.parametrize("document, text", blocks("toml"))
def test_every_toml_block_is_toml(document: str, text: str) -> None:
    assert tomllib.loads(text), document


@pytest.mark.parametrize("document, text", blocks("python"))
def test_every_python_block_is_python(document: str, text: str) -> None:
    compile(text, document, "exec")


def test_the_receivers_program_knows_our_signature() -> None:
    (program,) = (text for document, text in blocks("python") if document.endswith("operating.md"))
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - it is the program the document shows
    key, body = Ed25519PrivateKey.generate(), b'{"act":"publication"}'
    public = base64.b64encode(rules.public_bytes(key)).decode()
    names["check"](public, body, rules.sign(key, body))
    with pytest.raises(InvalidSignature):
        names["check"](public, body + b" ", rules.sign(key, body))


@pytest.mark.parametrize("label", [label for _, label in (*PORTAL, *DESK)])
def test_every_page_of_the_navigation_is_in_the_manual(label: str) -> None:
    assert label in manual()


@pytest.mark.parametrize("words", WORDS)
def test_every_refusal_of_a_sheet_is_in_the_manual(words: str) -> None:
    assert words in MANUAL.joinpath("refusals.md").read_text("utf-8")


@pytest.mark.parametrize("words", sorted(set(re.findall(r"点\*\*(.+?)\*\*", manual()))))
def test_every_button_the_manual_names_is_on_a_page(words: str) -> None:
    files = [
        path
        for face in ("desk", "portal", "site")
        for path in (ROOT / "jiannuo" / face).rglob("*")
        if path.suffix in {".py", ".html"}
    ]
    # A step of a case is a button too: its words are its title in the table.
    files += (ROOT / "packs" / "national" / "flows").glob("*.toml")
    assert any(words in path.read_text("utf-8") for path in files)


def test_every_operation_of_the_interface_is_in_the_manual() -> None:
    schema = api.get_openapi_schema()
    there = {f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods}
    text = MANUAL.joinpath("interface.md").read_text("utf-8")
    assert set(re.findall(r"(?m)^\| `([A-Z]+ /\S+)` \|", text)) == there


@pytest.mark.parametrize("name", sorted({*KNOWN, "DATABASE_URL"}))
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in ROOT.joinpath("docs", "operating.md").read_text("utf-8")


def test_every_picture_is_shown_somewhere_and_small() -> None:
    shown = {name for path in DOCUMENTS for name in re.findall(r"pictures/([\w-]+\.png)", path.read_text("utf-8"))}
    there = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert shown == there.keys()
    assert {name: size for name, size in there.items() if size >= LARGEST} == {}


def test_every_chapter_is_in_the_list_of_chapters() -> None:
    listed = set(re.findall(r"\]\((\w+)\.md", MANUAL.joinpath("README.md").read_text("utf-8")))
    assert listed == {path.stem for path in MANUAL.glob("*.md")} - {"README"}
