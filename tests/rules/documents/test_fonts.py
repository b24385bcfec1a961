"""Which font is used for which face, and that a substitute is never passed off as the standard's."""

import struct
from pathlib import Path

import pytest

from jiannuo.documents.fonts import FACES, choose, families_of, present
from jiannuo.kernel.refusals import Refused

NOTO = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
OWN = frozenset({"FZXiaoBiaoSong-B05S", "FangSong_GB2312", "KaiTi_GB2312", "SimHei"})
CHOICES = [
    (NOTO, "kai", "Noto Serif CJK SC"),
    (NOTO, "hei", "Noto Sans CJK SC"),
    (NOTO | {"AR PL UKai CN"}, "kai", "AR PL UKai CN"),
    (NOTO | OWN, "body", "FangSong_GB2312"),
    (frozenset({"WenQuanYi Zen Hei"}), "body", "WenQuanYi Zen Hei"),
]


@pytest.mark.parametrize("families,role,name", CHOICES)
def test_the_best_font_there_is_chosen(families: frozenset[str], role: str, name: str) -> None:
    assert choose(families, ()).names(role)[0] == name  # type: ignore[arg-type]


def test_substitutes_are_named_and_conformance_is_not_claimed() -> None:
    fonts = choose(NOTO | {"SimHei"}, ())
    assert not fonts.complete
    assert "仿宋体（标准用“仿宋_GB2312”）由“Noto Serif CJK SC”代替" in fonts.words
    assert "黑体用的是“SimHei”" in fonts.words
    assert "正式印发请用 DOCX" in fonts.words


def test_with_all_four_faces_nothing_stands_in() -> None:
    fonts = choose(NOTO | OWN, ())
    assert fonts.complete
    assert "代" not in fonts.words


def test_without_a_chinese_font_the_refusal_names_the_packages() -> None:
    with pytest.raises(Refused, match="没有能排") as refusal:
        choose(frozenset({"DejaVu Sans"}), ())
    assert "fonts-noto-cjk" in refusal.value.fix
    assert "JIANNUO_FONTS" in refusal.value.fix


def _font(name: str) -> bytes:
    """The smallest file that names itself as a font does."""
    text = name.encode("utf-16-be")
    table = struct.pack(">HHH", 0, 1, 18) + struct.pack(">6H", 3, 1, 0x804, 1, len(text), 0) + text
    return struct.pack(">IHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sIII", b"name", 0, 28, len(table)) + table


def test_names_are_read_from_the_files_themselves(tmp_path: Path) -> None:
    (tmp_path / "fs.ttf").write_bytes(_font("仿宋_GB2312"))
    assert families_of(tmp_path / "fs.ttf") == {"仿宋_GB2312"}
    assert present(tmp_path).names("body")[0] == "仿宋_GB2312"
    assert present(tmp_path).folders[0] == tmp_path


@pytest.mark.parametrize(
    "content", [b"", b"ttcf", b"ttcf\x00\x00\x00\x00\xff\xff\xff\xff", b"not a font at all", _font("仿")[:40]]
)
def test_a_file_that_is_no_font_names_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ttf").write_bytes(content)
    assert families_of(tmp_path / "x.ttf") == set()


def test_every_face_declares_the_name_the_standard_uses() -> None:
    assert [face.declared for face in FACES] == ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"]
