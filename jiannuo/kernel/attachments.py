"""Whether a file sent as evidence is what its name says and carries nothing that runs."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePath

from jiannuo.kernel.refusals import Refused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": (ZIP,),
    "xlsx": (ZIP,),
    "ofd": (ZIP,),
    "doc": (OLE,),
    "xls": (OLE,),
}
"""Each type of evidence that is taken, and how its files begin."""

RUNS = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "msi",
        "js",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "hta",
        "ps1",
        "jar",
        "lnk",
        "dll",
        "sh",
        "app",
        "apk",
        "docm",
        "xlsm",
        "pptm",
        "dotm",
        "xlam",
        "iso",
        "zip",
        "rar",
        "7z",
    ]
)
ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
MACROS = (b"_VBA_PROJECT", "_VBA_PROJECT".encode("utf-16-le"))
LARGEST = 20 * 2**20
PARTS = 5_000
UNPACKED = 300 * 2**20


def check(name: str, data: bytes) -> None:
    """The file may be kept as evidence. Refuses a wrong type, a hidden second ending, macros and scripts, and what is too large."""
    endings = [ending.lstrip(".").strip().lower() for ending in PurePath(name.strip()).suffixes]
    kind = endings[-1] if endings else ""
    shown = f"“{name[-60:]}”"
    if hidden := [ending for ending in endings if ending in RUNS]:
        raise _no(
            f"{shown}的扩展名里有“{hidden[0]}”，可能是伪装的程序或者带宏的文件",
            "请把材料另存为PDF或者图片再传",
            "disguised",
        )
    if kind not in BEGINNINGS:
        known = "、".join(BEGINNINGS)
        raise _no(f"{shown}不是能收的类型", f"佐证材料只收：{known}；其他格式请另存为PDF", "type")
    if not data:
        raise _no(f"{shown}是空文件", "请确认文件保存完整后重新上传", "empty")
    if len(data) > LARGEST:
        raise _no(
            f"{shown}有{len(data) / 2**20:.1f}兆",
            f"每个文件不超过{LARGEST // 2**20}兆，请压缩图片或者拆分后上传",
            "size",
        )
    if not data.startswith(BEGINNINGS[kind]):
        raise _no(f"{shown}的内容不是{kind}文件", "扩展名可能改过；请用原来的程序打开，另存后再传", "content")
    if why := _active(kind, data):
        raise _no(f"{shown}{why}", "请删去宏、脚本和嵌入的文件，或者另存为PDF、图片再传", "active")


def _no(message: str, fix: str, code: str) -> Refused:
    return Refused(message, fix=fix, field="evidence", code=code)


def _active(kind: str, data: bytes) -> str:
    """What in the file would run or hide something; empty where nothing does."""
    if kind == "pdf":
        found = ACTIVE_PDF.search(data)
        return f"里有会自动执行的内容（{found[1].decode()}）" if found else ""
    if data.startswith(OLE):
        return "带有宏" if any(mark in data for mark in MACROS) else ""
    return _packed(data) if data.startswith(ZIP) else ""


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        return "已经损坏，打不开"
    if any(part.flag_bits & 1 for part in parts):
        return "加了密码，打不开"
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        return "展开以后过大"
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        return "带有宏"
    if any("/embeddings/" in name or name.rpartition(".")[2] in RUNS for name in names):
        return "里面嵌入了别的文件"
    return ""
