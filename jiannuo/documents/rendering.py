"""A document as a file of either form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from jiannuo.documents.content import Document
from jiannuo.documents.docx import docx
from jiannuo.documents.pdf import pdf

Form = Literal["pdf", "docx"]
TYPES: Mapping[Form, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Each form, and how it is called on the web."""


def rendered(document: Document, form: Form, *, folder: Path, fonts: Path | None) -> bytes:
    """The document as a file; `folder` keeps its charts, `fonts` are those that PDF embeds."""
    if form == "docx":
        return docx(document, folder=folder)
    return pdf(document, folder=folder, fonts=fonts)
