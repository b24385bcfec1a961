"""Search on a million public records, beside twenty rows by key and beside Django's icontains, in one run on one database.

`python -m benchmarks.search` measures SQLite and PostgreSQL one after the other; with DATABASE_URL set, that database.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ON = date(2026, 11, 23)
CHUNK = 10_000
PLACES = (
    "青禾县", "青禾县城关", "柳林镇", "白道口", "上官镇", "留固镇", "王庄镇", "老店乡", "半坡店", "万古镇", "牛屯镇", "枣村乡",
    "赵营乡", "焦虎镇", "四间房", "八里营", "大寨乡", "桑村乡", "慈周寨", "高平镇", "瓦岗寨", "安阳市", "河南省", "青禾新区",
)  # fmt: skip
BRANDS = (
    "鑫隆祥瑞丰华盛达兴旺宏伟恒泰昌顺源聚福满金银玉宝利民惠康乐佳美嘉德诚信义和平安吉庆荣光辉煌明星辰月朝阳东方中原豫北"
    "豪杰英才博学智慧云飞腾跃龙凤麒麟鹏程万里锦绣江山河海洋波涛清泉溪流翠竹松柏梅兰菊荷桂枫桐杨柳槐榆桃李杏梨枣栗麦禾稻粟"
    "犇淼焱垚鑫磊晶众森羴骉麤飝瀛寰宇宙乾坤璞璟琛瑜瑾璇玑璎珞琉璃珊瑚翡翠玛瑙珍珠钻石"
)
TRADES = (
    "商贸", "食品", "建筑工程", "农业科技", "农机专业合作", "种植专业合作", "养殖专业合作", "运输", "物流", "医药", "餐饮服务", "房地产开发",
    "机械制造", "纺织", "服装", "包装材料", "化工", "环保科技", "信息技术", "电子商务", "装饰工程", "园林绿化", "劳务服务", "文化传媒",
    "家具", "建材", "五金", "水产", "面粉", "食用油", "调味品", "副食百货", "烟酒", "母婴用品", "电动车", "汽车维修", "加油", "幼儿园",
)  # fmt: skip
FORMS = (
    "有限公司",
    "有限责任公司",
    "经营部",
    "门市部",
    "合作社",
    "超市",
    "饭店",
    "商店",
    "厂",
    "诊所",
    "药店",
    "养殖场",
)
ISSUERS = (
    "青市监处罚",
    "青市监许",
    "青环罚",
    "青应急罚",
    "青交罚",
    "青卫医罚",
    "青农罚",
    "青城管罚",
    "青自然资罚",
    "青烟许",
)
FAULTS = (
    "未取得许可从事食品经营", "超范围经营", "未按规定公示信息", "销售不合格产品", "无证运输", "未批先建", "违法排放污染物", "未落实安全生产责任",
    "使用未检定的计量器具", "虚假宣传", "未明码标价", "擅自占用道路", "未办理变更登记", "未建立进货查验记录",
)  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def record(number: int, chance: random.Random) -> tuple[str, str, str, str, date]:
    """A made-up decision: party, code, document number, fault and day, newer ones with higher numbers."""
    brand = "".join(
        chance.choice(BRANDS) if chance.random() < 0.8 else chr(0x4E00 + int(2000 * chance.random() ** 2))
        for _ in range(chance.choice((2, 2, 2, 3)))
    )
    name = chance.choice(PLACES) + brand + chance.choice(TRADES) + chance.choice(FORMS)
    code = f"9{chance.choice('123')}419926MA" + "".join(chance.choice(ALPHABET) for _ in range(8))
    day = date(2017, 10, 1) + timedelta(days=number * 3300 // 1_000_000 if number < 1_000_000 else 3300)
    document = f"{chance.choice(ISSUERS)}〔{day.year}〕{chance.randrange(1, 20_000)}号"
    return name, code, document, chance.choice(FAULTS), day


def build(rows: int) -> dict[str, float]:
    """Fill the ledger and the listing in bulk, and say how long the listing with its search took."""
    from django.db import connection, transaction

    from jiannuo.disclosure import rules
    from jiannuo.disclosure.actions import index
    from jiannuo.kernel import bulk
    from jiannuo.policy import pack as policy
    from jiannuo.subjects import actions as subjects
    from jiannuo.subjects.models import Organ

    subjects.load_organs(policy.current(), at=datetime(2026, 1, 1, tzinfo=UTC))
    organs = list(Organ.objects.order_by("pk").values_list("pk", flat=True))[:40]
    kind = policy.current().kinds["penalty_legal"]
    chance = random.Random(20261123)
    took = {"entries": 0.0, "terms": 0.0, "listing": 0.0}
    for first in range(1, rows + 1, CHUNK):
        facts = [(number, *record(number, chance)) for number in range(first, min(first + CHUNK, rows + 1))]
        bodies = [body(name, code, document, fault, day) for _, name, code, document, fault, day in facts]
        begun = perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            bulk.insert(cursor, "ledger_entry", ENTRY, entries(facts, bodies, organs))
        entered = perf_counter()
        listed, terms = [], []
        for fact, shown in zip(facts, bodies, strict=True):
            number, _, code, document, _, day = fact
            organ = organs[number % len(organs)]
            text = rules.search_text(kind, shown)
            listed.append((
                number, number, number.to_bytes(16), number, kind.id, organ, f"uscc:{code}", document, day.isoformat(),
                day.isoformat(), day.isoformat(), day.isoformat(), None, text,
            ))  # fmt: skip
            terms.append(rules.terms(text, kind=kind.id, organ=organ, decided_on=day, standing="on_time"))
        made = perf_counter()
        with transaction.atomic():
            index.insert(listed, terms)
        stored = perf_counter()
        for name, seconds in (("entries", entered - begun), ("terms", made - entered), ("listing", stored - made)):
            took[name] += seconds
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return took


ENTRY = (
    "id", "kind", "organ_id", "about", "happened_on", "seen_at", "number", "body", "visibility", "rule", "reason", "author",
    "identity", "version", "content", "salt", "digest",
)  # fmt: skip


def entries(facts: Sequence[Any], bodies: Sequence[dict[str, str]], organs: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The rows of the ledger behind the listing; their digests are not what is measured here."""
    for (number, _, code, document, _, day), shown in zip(facts, bodies, strict=True):
        yield (
            number, "penalty_legal", organs[number % len(organs)], f"uscc:{code}", day.isoformat(), "2026-01-01 00:00:00+00:00",
            document, json.dumps(shown, ensure_ascii=False), "public", "bench", "", "bench", number.to_bytes(16), 1, b"", b"", b"",
        )  # fmt: skip


def body(name: str, code: str, document: str, fault: str, day: date) -> dict[str, str]:
    """The fields of the data standard that a list shows."""
    return {
        "CF_XDR_MC": name, "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": code, "CF_WSH": document, "CF_WFXW": fault,
        "CF_CFLB": "罚款", "CF_NR": "罚款2000元", "CF_NR_FK": "0.2", "CF_JDRQ": day.isoformat(), "CF_CFJG": "青禾县市场监督管理局",
    }  # fmt: skip


# -- questions -----------------------------------------------------------------------------------------------------


def questions(each: int) -> dict[str, list[str]]:
    """Questions of each length and rarity, drawn from the names themselves and counted, and parts of document numbers."""
    from jiannuo.disclosure.models import Listing

    chance = random.Random(7)
    texts = list(Listing.objects.order_by("pk").values_list("text", flat=True))
    whole = "\n".join(texts)
    names = [text.split("\n")[0] for text in chance.sample(texts, min(len(texts), 40_000))]
    scale = len(texts) / 1_000_000
    found: dict[str, list[str]] = {}
    for length in (2, 3, 4):
        kinds: dict[str, list[str]] = {"common": [], "mid": [], "rare": []}
        deadline = perf_counter() + 60
        for name in names:
            if all(len(words) >= each for words in kinds.values()) or perf_counter() > deadline:
                break
            at = chance.randrange(0, len(name) - length + 1)
            word = name[at : at + length]
            hits = whole.count(word)
            rarity = (
                "common" if hits >= (20_000 if length < 4 else 5_000) * scale
                else "rare" if hits <= 20
                else "mid" if 200 * scale <= hits <= 5_000 * scale
                else ""
            )  # fmt: skip
            if rarity and len(kinds[rarity]) < each and word not in kinds[rarity]:
                kinds[rarity].append(word)
        found |= {f"{length} characters, {rarity}": words for rarity, words in kinds.items() if words}
    found["2 characters, absent"] = [
        pair for pair in (a + b for a in "囧嘂槑" for b in "囧嘂槑璎珞") if pair not in whole
    ][:each]
    numbers = [text.split("\n") for text in chance.sample(texts, each)]
    found["part of a document number"] = [lines[2][chance.randrange(2, 4) : -2] for lines in numbers]
    found["whole document number"] = [lines[2] for lines in numbers]
    found["code"] = [lines[1].upper() for lines in numbers]
    found["part of a code"] = [lines[1][9:15] for lines in numbers]
    found["two words"] = [f"{lines[0][:2]} {lines[0][-4:-2]}" for lines in numbers]
    return found


def milliseconds(action: Callable[[], object]) -> float:
    begun = perf_counter()
    action()
    return (perf_counter() - begun) * 1000


def shape(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered), 3),
        "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 3),
    }


def measure(each: int, *, slow: int) -> dict[str, Any]:
    """Every kind of question by our front door, twenty rows by key, and icontains for the same page and capped count."""
    from jiannuo.disclosure import queries
    from jiannuo.disclosure.models import Listing
    from jiannuo.disclosure.rules import CAP, Filters

    asked = questions(each)
    chance = random.Random(11)
    last = Listing.objects.order_by("-pk").values_list("pk", flat=True)[0]
    organ = Listing.objects.order_by("-pk").values_list("organ_id", flat=True)[0]

    def by_key() -> object:
        return list(Listing.objects.filter(pk__in=[chance.randrange(1, last) for _ in range(20)]))

    def contains(word: str) -> tuple[int, object]:
        rows = Listing.objects.filter(text__icontains=word).order_by("-pk")
        numbers = list(rows.values_list("pk", flat=True)[: CAP + 1])
        return len(numbers), list(Listing.objects.filter(pk__in=numbers[:20]))

    keys = [milliseconds(by_key) for _ in range(100)]
    result: dict[str, Any] = {"questions": {}, "wrong": 0, "counted": 0}

    def ask(name: str, words: Sequence[str], filters: Filters, rounds: int) -> None:
        times = []
        queries.find(words[0], filters, on=ON)
        for _ in range(rounds):
            for word in words:
                times.append(milliseconds(partial(queries.find, word, filters, on=ON)))
                keys.append(milliseconds(by_key))
        result["questions"][name] = {**shape(times), "n": len(times)}

    for name, words in asked.items():
        ask(name, words, Filters(), 3)
        if name.startswith(("2", "3", "4", "part of a doc")):
            peers = words[:slow]
            times = [milliseconds(partial(contains, word)) for word in peers]
            result["questions"][name]["icontains"] = shape(times)
            for word in peers:
                result["counted"] += 1
                page = queries.find(word, on=ON)
                result["wrong"] += page.total + page.capped != contains(word)[0]
    common = asked["2 characters, common"]
    ask("mid word in one organ", asked["2 characters, mid"], Filters(organs=(organ,)), 3)
    ask("common word in one month", common, Filters(year=2018, month=3), 3)
    ask("common word in an organ's year", asked["3 characters, common"], Filters(organs=(organ,), year=2019), 3)
    ask("no word, one organ", [""], Filters(organs=(organ,)), 60)
    ask("no word, one month", [""], Filters(year=2018, month=3), 60)
    ask("no word, late only (none is)", [""], Filters(standing="late"), 60)
    ask("no word, all", [""], Filters(), 60)
    return {"by key": shape(keys), **result}


def here(rows: int, each: int, slow: int) -> dict[str, Any]:
    """The whole measurement on the database of the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    built = build(rows)
    return {
        "database": connection.vendor,
        "rows": rows,
        "built_s": {k: round(v, 1) for k, v in built.items()},
        **measure(each, slow=slow),
    }


def table(result: dict[str, Any]) -> str:
    """The result as people read it: milliseconds, and times of twenty rows by key."""
    key = result["by key"]["p50"]
    lines = [
        (
            f"search, {result['rows']:,} records, {result['database']}: twenty rows by key {key} ms; "
            f"built in {result['built_s']} s; {result['wrong']} of {result['counted']} totals wrong"
        ),
        f"{'question':34}{'p50 ms':>9}{'p99 ms':>9}{'x key':>8}{'p99 x':>8}{'icontains':>11}{'faster':>8}",
    ]
    for name, times in result["questions"].items():
        peer = times.get("icontains", {}).get("p50")
        lines.append(
            f"{name:34}{times['p50']:9.2f}{times['p99']:9.2f}{times['p50'] / key:8.1f}{times['p99'] / key:8.1f}"
            + (f"{peer:11.1f}{peer / times['p50']:8.0f}" if peer else "")
        )
    return "\n".join(lines)


def main() -> None:
    """Measure the database named in the environment, or both in turn."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--each", type=int, default=20, help="questions of each kind")
    options.add_argument("--slow", type=int, default=3, help="questions of each kind put to icontains")
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    if "DATABASE_URL" in os.environ:
        result = here(given.rows, given.each, given.slow)
        print(table(result))
        if given.json:
            given.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
        return
    arguments = [sys.executable, "-m", "benchmarks.search", *sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as home:
        environment = {**os.environ, "JIANNUO_HOME": home, "JIANNUO_PACK": str(ROOT / "packs" / "sample")}
        subprocess.run(
            arguments, env={**environment, "DATABASE_URL": f"sqlite:///{home}/bench.sqlite3"}, cwd=ROOT, check=True
        )
        subprocess.run([sys.executable, "-m", "tools.postgres", *arguments], env=environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
