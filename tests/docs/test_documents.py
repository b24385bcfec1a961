"""What the documents tell people to type exists, and what they point to is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), ROOT / "jiannuo" / "README.md", *(ROOT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8")))
JIANNUO = Path(sys.executable).parent / "jiannuo"
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")


def code_of(text: str) -> str:
    """The parts of a document that people copy: fenced blocks and inline code."""
    blocks = re.findall(r"(?s)```.*?\n(.*?)```", text)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"(?s)```.*?```", "", text))
    return "\n".join([*blocks, *inline])


def anchors_of(text: str) -> set[str]:
    """The names by which a document's headings can be linked to."""
    headings = re.findall(r"(?m)^#+\s+(.+?)\s*$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands() -> list[tuple[str, ...]]:
    """Every `jiannuo …` command the documents name, down to a subcommand."""
    code = "\n".join(code_of(path.read_text("utf-8")) for path in DOCUMENTS)
    found = re.findall(r"(?m)(?:^|\s|/)jiannuo ((?:[a-z][a-z_]+)(?: (?:check|diff|explain)\b)?)", code)
    return sorted({tuple(words.split()) for words in found})


def test_the_readme_names_the_two_ways_in() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_exists(document: Path) -> None:
    named = set(re.findall(r"(?m)(?:^|\s)make ([a-z][a-z-]*)", code_of(document.read_text("utf-8"))))
    assert named - TARGETS == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    lost = []
    for link in LINK.findall(document.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path) if path else document
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors_of(target.read_text("utf-8"))
        ):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_exists(command: tuple[str, ...]) -> None:
    done = subprocess.run([str(JIANNUO), *command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_variable_is_one_the_settings_know(document: Path) -> None:
    from jiannuo.site.settings import KNOWN

    assert set(re.findall(r"JIANNUO_[A-Z_]+", document.read_text("utf-8"))) - KNOWN == set()


def test_make_alone_prints_every_target() -> None:
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in printed.splitlines()} == TARGETS
