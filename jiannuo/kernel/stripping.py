"""Files lose what they tell of whoever made them: place and device of a picture, author of a document, names in comments.

The content stays as it is. What cannot be stripped is refused in words. The libraries are loaded when a file comes.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePath
from threading import Lock
from typing import Any

from jiannuo.kernel.refusals import Refused

MOST_PIXELS = 60_000_000
"""Three bytes each while a picture is open; phones of the day take fifty million."""
ORIENTATION = 0x0112
_ONE_PICTURE = Lock()
"""One picture is opened at a time, so that several people sending at once do not fill the memory."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_AUTHORS = re.compile(rb'((?:\w+:)?(?:author|initials|lastEditedBy|userName|userId|providerId)=")[^"]*')
_PERSONS = re.compile(rb'((?:displayName|userId|providerId)=")[^"]*')
_NAMED = re.compile(rb"(<(?:\w+:)?author>)[^<]*")
_PLACES = re.compile(rb'(absPath[^>]* url=")[^"]*')
_INSIDE = re.compile(rb"(<[^?][^>]*>).*(</[^>]+>)", re.DOTALL)
"""What stands within the outermost element."""


def stripped(name: str, data: bytes) -> bytes:
    """The same file without what it tells of its maker. Refuses a type that cannot be stripped, and a file that cannot be opened."""
    kind = PurePath(name.strip()).suffix.lower().lstrip(".")
    strip = STRIPPERS.get(kind)
    shown = f"“{name[-60:]}”"
    if strip is None:
        known = "、".join(STRIPPERS)
        raise _no(
            f"{shown}这种文件去不掉里面记着的作者、地点", f"为了保护您，只收：{known}；请另存为PDF或者图片", "type"
        )
    try:
        return strip(data)
    except Refused as refused:
        raise _no(f"{shown}{refused.message}", refused.fix, refused.code) from None
    # The libraries raise whatever a broken file leads them to; each of them means that it cannot be opened.
    except Exception as broken:
        raise _no(
            f"{shown}打不开，去不掉里面记着的作者、地点", "请用原来的程序打开，另存以后再传，或者截图", "broken"
        ) from broken


def _no(message: str, fix: str, code: str) -> Refused:
    return Refused(message, fix=fix, field="papers", code=code)


def _picture(data: bytes) -> bytes:
    """Only pixels, and which way up they are: no EXIF, place, device, thumbnail, comment, text or profile."""
    from PIL import Image

    with _ONE_PICTURE, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _no("的像素太多", f"请缩小到{MOST_PIXELS // 1_000_000 * 100}万像素以内再传", "size")
            turned = picture.getexif().get(ORIENTATION)
            picture.load()
            exif = Image.Exif()
            if turned in range(2, 9):
                exif[ORIENTATION] = turned
            told, out = dict(picture.info), io.BytesIO()
            picture.info = {"transparency": told["transparency"]} if "transparency" in told else {}
            if picture.format == "PNG":
                picture.save(out, "PNG", exif=exif.tobytes() if turned else None)
            else:
                # The very same quantisation: opening and keeping a picture does not make it coarser.
                picture.save(out, "JPEG", quality="keep", exif=exif.tobytes() if turned else b"", comment=b"")
            return out.getvalue()


def _pdf(data: bytes) -> bytes:
    """Without information dictionary, XMP, private data of programs, authors of notes; pictures within are stripped as well."""
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise _no("加了密码，打不开", "请去掉密码以后再传", "encrypted")
    writer = PdfWriter(clone_from=reader)
    for there in writer._objects:  # noqa: SLF001 - every object, referred to from a page or not
        _pdf_object(there)
    between, out = io.BytesIO(), io.BytesIO()
    writer.write(between)
    # Only what the document still uses is taken over: what was just cut off, and earlier versions kept inside, stay behind.
    last = PdfWriter(clone_from=PdfReader(between))
    last.metadata = None
    last.write(out)
    return out.getvalue()


def _pdf_object(there: object) -> None:
    from pypdf.generic import DictionaryObject, StreamObject

    if not isinstance(there, DictionaryObject):
        return
    found: Any = there
    for key in ("/Metadata", "/PieceInfo", "/LastModified"):
        if key in found:
            del found[key]
    if "/Rect" in found and "/Subtype" in found:
        for key in ("/T", "/M", "/CreationDate", "/NM"):
            # A field of a form is named by /T and would be lost without it.
            if key in found and found["/Subtype"] != "/Widget":
                del found[key]
    if isinstance(there, StreamObject) and found.get("/Subtype") == "/Image" and found.get("/Filter") == "/DCTDecode":
        found._data = _picture(found._data)  # noqa: SLF001 - the encoded picture itself


def _office(data: bytes) -> bytes:
    """Properties emptied, authors of comments and of tracked changes taken out, pictures within stripped, times of the parts set back."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in packed.infolist():
            if not part.is_dir():
                made.writestr(
                    zipfile.ZipInfo(part.filename, _EPOCH),
                    _part(part.filename, packed.read(part)),
                    zipfile.ZIP_DEFLATED,
                )
    return out.getvalue()


def _part(name: str, data: bytes) -> bytes:
    low = name.lower()
    if low.startswith("docprops/"):
        return _INSIDE.sub(rb"\1\2", data) if low.endswith(".xml") else b""
    if low.endswith((".jpg", ".jpeg", ".png")):
        return _picture(data)
    if not low.endswith(".xml"):
        return data
    if "/persons/" in low or low.endswith("/people.xml"):
        data = _PERSONS.sub(rb"\1", data)
    return _PLACES.sub(rb"\1", _NAMED.sub(rb"\1", _AUTHORS.sub(rb"\1", data)))


STRIPPERS: Mapping[str, Callable[[bytes], bytes]] = {
    "jpg": _picture,
    "jpeg": _picture,
    "png": _picture,
    "pdf": _pdf,
    "docx": _office,
    "xlsx": _office,
}
"""The types that can be stripped."""
