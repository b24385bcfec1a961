"""Sheets of penalty decisions as organs send them: real firms and real document numbers where they stand beside the checkout."""

import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from jiannuo.policy import pack as policy

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "data"
KIND = "penalty_legal"
ORGAN = "青禾县市场监督管理局"
ON = date(2026, 11, 23)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FAULTS = (
    ("销售超过保质期的食品", "《中华人民共和国食品安全法》第三十四条第（十）项、第一百二十四条第一款第（五）项"),
    ("未取得许可从事食品经营", "《中华人民共和国食品安全法》第三十五条第一款、第一百二十二条第一款"),
    ("未按规定公示应当公示的信息", "《企业信息公示暂行条例》第十条、第十八条"),
    ("使用未经检定的计量器具", "《中华人民共和国计量法》第九条第一款、第二十五条"),
    ("物料堆场未覆盖防尘", "《中华人民共和国大气污染防治法》第七十二条第一款、第一百一十七条第（二）项"),
)
ISSUERS = ("青市监罚决字", "豫0482环罚决字", "青应急罚", "青卫医罚", "青城管罚决字")


def code(seventeen: str) -> str:
    """A unified code: seventeen characters and the check character of GB 32100."""
    total = sum(ALPHABET.index(char) * pow(3, at, 31) for at, char in enumerate(seventeen))
    return seventeen + ALPHABET[-total % 31]


@cache
def firms() -> list[tuple[str, str]]:
    """Names and codes: the real register's where it is here, made up in the same form where it is not."""
    folder = REAL / "companies"
    if folder.is_dir():
        sheets = [csv.DictReader(path.open(encoding="utf-8-sig")) for path in sorted(folder.glob("*.csv"))]
        return [(row["企业名称"], row["统一社会信用代码"]) for sheet in sheets for row in sheet]
    chance = random.Random(1)
    made = ("".join(chance.choice(ALPHABET) for _ in range(8)) for _ in range(2000))
    return [(f"青禾县{chance.choice('鑫隆祥瑞丰华')}{tail}商贸有限公司", code(f"91419926M{tail}")) for tail in made]


@cache
def number_forms() -> list[Callable[[int, int], str]]:
    """Ways to write a document number: the real ones' own, with their blanks and brackets, and the plain one."""
    found = list(ISSUERS)
    path = REAL / "penalties" / "real_penalty_decisions_part1.json"
    if path.is_file():
        raw = [one["doc_no_raw"] for one in json.loads(path.read_text("utf-8"))]
        found += [text.partition("〔")[0] for text in raw if text.endswith("号") and "〔" in text]
    return [lambda year, serial, issuer=issuer: f"{issuer}〔{year}〕{serial}号" for issuer in found]  # type: ignore[misc]


def good(serial: int, chance: random.Random) -> dict[str, str]:
    """One decision that passes, by field id; the serial keeps it apart from every other."""
    organ = next(one for one in policy.current().organs if one.name == ORGAN)
    name, uscc = chance.choice(firms())
    fault, basis = chance.choice(FAULTS)
    day = date(2025, 1, 1) + timedelta(days=chance.randrange(680))
    fine = chance.randint(3, 500) * 100
    amount = f"{fine / 10000:f}".rstrip("0").rstrip(".")
    shown = f"{day:%Y/%m/%d}"
    return {
        "CF_XDR_MC": name,
        "CF_XDR_LB": "个体工商户" if uscc.startswith("92") else "法人及非法人组织",
        "CF_XDR_SHXYM": uscc,
        "CF_FRDB": chance.choice("王李张刘陈杨赵黄周吴") + "某" * chance.randint(1, 2),
        "CF_WSH": chance.choice(number_forms())(day.year, serial),
        "CF_WFXW": fault,
        "CF_SY": (
            f"当事人于{shown}在其经营场所{fault}，涉案货值金额{fine // 3}元，违法所得{fine // 9}元。以上事实有现场检查笔录、询问笔录、"
            f"进销货票据、现场照片、营业执照复印件等证据予以证实，当事人对上述事实无异议并已签字确认（案卷第{serial}号）。"
        )
        * 2,
        "CF_YJ": basis,
        "CF_CFLB": "罚款;警告" if serial % 5 == 0 else "罚款",
        "CF_NR": f"依据{basis}的规定，责令当事人改正上述违法行为，并给予以下处罚：罚款{fine}元。" * 2,
        "CF_NR_FK": amount,
        "CF_JDRQ": shown,
        "CF_YXQ": "2099/12/31",
        "CF_CFJG": organ.name,
        "CF_CFJGDM": organ.uscc,
        "CF_SJLY": organ.name,
        "CF_SJLYDM": organ.uscc,
        "BZ": "简易程序" if serial % 7 == 0 else "",
    }


def spoil(row: dict[str, str], serial: int) -> None:
    """One of the ways in which real rows are wrong."""
    wrong = {
        0: {"CF_XDR_SHXYM": row["CF_XDR_SHXYM"][:-1]},
        1: {"CF_JDRQ": "2026年13月1日"},
        2: {"CF_NR_FK": f"{float(row['CF_NR_FK']) * 10000:.0f}"},
        3: {"CF_WFXW": ""},
        4: {"CF_CFLB": "罚金"},
        5: {"CF_CFJG": "青禾县无此局"},
        6: {"CF_JDRQ": "2027/01/05"},
        7: {"CF_WSH": "见附件"},
    }
    row.update(wrong[serial % 8])


def rows(count: int, *, first: int = 1, bad: bool = True) -> Iterator[dict[str, str]]:
    """Decisions numbered from `first`; with `bad`, one in fifty cannot be accepted and one in seven hundred stands twice."""
    chance = random.Random(first)
    ids = [field.id for field in policy.current().kinds[KIND].fields]
    before = good(first, chance)
    for serial in range(first, first + count):
        row = before if bad and serial % 700 == 350 else good(serial, chance)
        before = dict(row)
        if bad and serial % 50 == 7:
            spoil(row, serial // 50)
        yield {field_id: row.get(field_id, "") for field_id in ids}


def write_csv(path: Path, sheet: Iterator[dict[str, str]]) -> None:
    """As UTF-8 with the titles of the data standard above."""
    titles = {field.id: field.title for field in policy.current().kinds[KIND].fields}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(titles))
        writer.writerow(titles)
        writer.writerows(sheet)


def write_xlsx(path: Path, sheet: Iterator[dict[str, str]]) -> None:
    """As a workbook of text cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("填报")
        for column, field in enumerate(policy.current().kinds[KIND].fields):
            page.write_string(0, column, field.title)
        for at, row in enumerate(sheet, start=1):
            for column, text in enumerate(row.values()):
                if text:
                    page.write_string(at, column, text)


def csv_bytes(sheet: Iterator[dict[str, str]]) -> bytes:
    """The same without a file."""
    file = io.StringIO(newline="")
    given = list(sheet)
    writer = csv.DictWriter(file, list(given[0]))
    writer.writeheader()
    writer.writerows(given)
    return file.getvalue().encode("utf-8-sig")
