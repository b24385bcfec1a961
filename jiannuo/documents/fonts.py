"""Which fonts the standard asks for, which this machine has, and what stands in for the others.

The four faces of GB/T 9704-2012 are not free: a DOCX names them, a PDF embeds what is there. Names are read from the font
files themselves, so no font library and no fontconfig is needed.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Literal

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

Role = Literal["title", "body", "kai", "hei"]
PACKAGES = ("fonts-noto-cjk", "fonts-arphic-ukai")
FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.fonts").expanduser(),
    Path("~/.local/share/fonts").expanduser(),
)
SONG = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "AR PL UMing CN")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")


class Face(Struct, frozen=True):
    """A face of the standard: its name, the names its files go by, and the free fonts that may stand in, best first."""

    role: Role
    name: str
    declared: str
    own: tuple[str, ...]
    others: tuple[str, ...]


FACES = (
    Face(
        "title", "小标宋体", "方正小标宋简体",
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"), (*SONG, *SANS),
    ),
    Face(
        "body", "仿宋体", "仿宋_GB2312",
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "FZFangSong-Z02"), (*SONG, *SANS),
    ),
    Face(
        "kai", "楷体", "楷体_GB2312",
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03"),
        ("AR PL UKai", "AR PL UKai CN", "LXGW WenKai", *SONG, *SANS),
    ),
    Face("hei", "黑体", "黑体", ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01"), (*SANS, *SONG)),
)  # fmt: skip
DECLARED: dict[Role, str] = {face.role: face.declared for face in FACES}


class Fonts(Struct, frozen=True):
    """What each face is set in on this machine, best first, and the folders the files stand in.

    A font has several names (仿宋_GB2312 and FangSong_GB2312); all that are there are kept, for programs differ in which
    they know it by.
    """

    used: tuple[tuple[Role, tuple[str, ...]], ...]
    folders: tuple[Path, ...]

    def names(self, role: Role) -> tuple[str, ...]:
        """The fonts a face is set in; the later ones lend the characters the first does not have."""
        return dict(self.used)[role]

    @property
    def complete(self) -> bool:
        """Whether every face of the standard is really there."""
        return all(self.names(face.role)[0] in face.own for face in FACES)

    @property
    def words(self) -> str:
        """What the PDF is set in, said to whoever prints it."""
        said = "；".join(map(self._said, FACES))
        if self.complete:
            return f"{said}。"
        return f"{said}。代用字体的 PDF 供阅读核对；正式印发请用 DOCX，在装有标准字体的电脑上排版打印。"

    def _said(self, face: Face) -> str:
        first = self.names(face.role)[0]
        if first in face.own:
            return f"{face.name}用的是“{first}”"
        return f"{face.name}（标准用“{face.declared}”）由“{first}”代替"


def choose(families: frozenset[str], folders: tuple[Path, ...]) -> Fonts:
    """The best fonts of those there for each face; where none can write Chinese, a refusal names the packages."""
    used = []
    for face in FACES:
        found = tuple(name for name in (*face.own, *face.others) if name in families)
        if not found:
            raise Refused(
                f"这台服务器上没有能排{face.name}的中文字体，生成不了 PDF",
                fix=f"请系统管理员安装字体（Debian：apt-get install {' '.join(PACKAGES)}），"
                "或者把字体文件放进 JIANNUO_FONTS 指的目录；DOCX 不受影响",
                code="fonts",
            )
        used.append((face.role, found))
    return Fonts(tuple(used), folders)


def present(extra: Path | None = None) -> Fonts:
    """What each face is set in on this machine; fonts in the folder `extra` are known as well as the system's."""
    folders = tuple(folder for folder in ((extra,) if extra else ()) + FOLDERS if folder.is_dir())
    return choose(frozenset().union(*map(_families, folders)), folders)


@lru_cache(maxsize=8)
def _families(folder: Path) -> frozenset[str]:
    """The family names of every font file below a folder, read once in the life of a process."""
    files = (path for path in folder.rglob("*") if path.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"})
    return frozenset(name for path in files for name in families_of(path))


def families_of(path: Path) -> set[str]:
    """The family names a font file gives itself; none for what is no font."""
    try:
        with path.open("rb") as file:
            return set(_names(file))
    except (OSError, struct.error, UnicodeDecodeError):
        return set()


def _names(file: BinaryIO) -> Iterator[str]:
    for start in _starts(file):
        file.seek(start)
        tables = struct.unpack(">4xH6x", file.read(12))[0]
        entries = [struct.unpack(">4s4xII", file.read(16)) for _ in range(tables)]
        for tag, offset, length in entries:
            if tag == b"name":
                file.seek(offset)
                yield from _records(file.read(length))


def _starts(file: BinaryIO) -> list[int]:
    if file.read(4) != b"ttcf":
        return [0]
    count = struct.unpack(">4xI", file.read(8))[0]
    return list(struct.unpack(f">{count}I", file.read(4 * count)))


def _records(table: bytes) -> Iterator[str]:
    count, strings = struct.unpack_from(">2xHH", table)
    for at in range(count):
        platform, _, _, kind, length, offset = struct.unpack_from(">6H", table, 6 + 12 * at)
        if kind in {1, 16}:
            name = table[strings + offset : strings + offset + length]
            yield name.decode("mac_roman" if platform == 1 else "utf-16-be")
