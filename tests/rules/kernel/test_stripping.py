"""What a file tells of its maker goes, what it says stays; each kind as a phone, a scanner or an office program makes it."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from docx import Document
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, NameObject

from jiannuo.kernel import attachments, stripping
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.stripping import stripped

SECRET = "ZhangSanFromLiuxi"


def photo(turned: int = 6, **more: object) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = SECRET
    exif[0x8825] = {1: "N", 2: (35.0, 30.0, 1.0)}
    picture = Image.effect_noise((64, 48), 90).convert("RGB")
    picture.save(out, "JPEG", quality=88, exif=exif, comment=SECRET.encode(), icc_profile=SECRET.encode(), **more)
    return out.getvalue()


def screenshot() -> bytes:
    out, told = io.BytesIO(), PngInfo()
    told.add_text("Author", SECRET)
    told.add_itxt("XML:com.adobe.xmp", f"<gps>{SECRET}</gps>", zip=False)
    Image.effect_noise((64, 48), 90).save(out, "PNG", pnginfo=told, icc_profile=SECRET.encode())
    return out.getvalue()


def scan() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.metadata = {"/Author": SECRET, "/Producer": SECRET}
    metadata = DecodedStreamObject()
    metadata.set_data(f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode())
    writer.root_object[NameObject("/Metadata")] = writer._add_object(metadata)
    image = DecodedStreamObject()
    image.set_data(photo())
    for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/Filter", "/DCTDecode")):
        image[NameObject(key)] = NameObject(value)
    page[NameObject("/PieceInfo")] = writer._add_object(image)
    page[NameObject("/Thumb")] = writer._add_object(image)
    note = FreeText(text="这里不对", rect=(10, 10, 90, 40))
    writer.add_annotation(page, note)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def document() -> bytes:
    made, out, picture = Document(), io.BytesIO(), io.BytesIO(photo())
    made.core_properties.author = SECRET
    made.core_properties.last_modified_by = SECRET
    paragraph = made.add_paragraph("欠款三年没有付")
    made.add_comment(paragraph.runs, "请看这里", author=SECRET, initials="ZS")
    made.add_picture(picture)
    made.save(out)
    return out.getvalue()


def workbook() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.properties.creator = SECRET
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "欠款三年没有付"
    sheet["A1"].comment = Comment("请看这里", SECRET)
    made.save(out)
    return out.getvalue()


MADE = [
    ("a phone's photo", "照片.jpg", photo),
    ("a screenshot", "截图.png", screenshot),
    ("a scan", "扫描.pdf", scan),
    ("a document", "材料.docx", document),
    ("a workbook", "表格.xlsx", workbook),
]  # fmt: skip


def everything_in(data: bytes) -> bytes:
    """The bytes, and those of all that is packed into them."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist()) + data


@pytest.mark.parametrize("name, make", [case[1:] for case in MADE], ids=[case[0] for case in MADE])
def test_nothing_of_its_maker_is_left(name: str, make: Callable[[], bytes]) -> None:
    data = make()
    assert SECRET.encode() in everything_in(data), "the test's own file tells nothing"
    clean = stripped(name, data)
    assert SECRET.encode() not in everything_in(clean)
    attachments.check(name, clean)
    assert stripped(name, clean)


def test_a_picture_keeps_what_it_shows_and_which_way_up() -> None:
    data = photo()
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(stripped("a.jpg", data)))
    assert dict(after.getexif()) == {0x0112: 6}
    assert after.size == before.size
    assert getattr(after, "quantization", 1) == getattr(before, "quantization", 2)
    shot = screenshot()
    assert Image.open(io.BytesIO(stripped("a.png", shot))).tobytes() == Image.open(io.BytesIO(shot)).tobytes()


def test_documents_keep_their_words() -> None:
    assert Document(io.BytesIO(stripped("a.docx", document()))).paragraphs[0].text == "欠款三年没有付"
    sheet = openpyxl.load_workbook(io.BytesIO(stripped("a.xlsx", workbook()))).active
    assert sheet is not None
    assert (sheet["A1"].value, sheet["A1"].comment.text) == ("欠款三年没有付", "请看这里")
    reader = PdfReader(io.BytesIO(stripped("a.pdf", scan())))
    assert len(reader.pages) == 1
    assert [one.get_object()["/Contents"] for one in reader.pages[0]["/Annots"]] == ["这里不对"]  # type: ignore[attr-defined]
    assert not reader.metadata


def locked() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(10, 10)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


REFUSED = [
    ("a type nobody can strip", "公文.ofd", b"PK\x03\x04", "去不掉里面记着的作者、地点"),
    ("a broken photo", "照片.jpg", photo()[:200], "打不开"),
    ("a broken document", "材料.docx", document()[:900], "打不开"),
    ("a broken PDF", "扫描.pdf", b"%PDF-1.7 nothing", "打不开"),
    ("a locked PDF", "扫描.pdf", locked(), "加了密码"),
]


@pytest.mark.parametrize("name, data, words", [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_stripped_is_refused_in_words(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        stripped(name, data)
    assert words in refused.value.message
    assert name in refused.value.message
    assert refused.value.fix
    assert refused.value.field == "papers"


def test_a_picture_of_too_many_points_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripping, "MOST_PIXELS", 1000)
    with pytest.raises(Refused, match="像素太多"):
        stripped("照片.jpg", photo())
