"""Make the sheets of `promises/`: one file for each way a row of what is promised can be wrong, named `kind.what.csv`.

Run `python -m tests.wrong.make_promises` after changing it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from jiannuo.policy import pack as policy
from tests.packages.kinds import MARKET, OFFICE, ROADS, ROWS

FOLDER = Path(__file__).parent / "promises"
KINDS = policy.load(policy.ROOT / "sample").kinds
MILESTONE = {
    "parent": "2026-承-99", "number": "2026-承-99-1", "title": "路基完工", "shown_by": "照片", "made_on": "2026-03-02",
    "due_on": "2026-06-30", "organ": MARKET,
}  # fmt: skip

FAULTS: Mapping[str, tuple[dict[str, str], str, str]] = {
    "commitment.soon": ({"title": "尽快修好柳溪村到县道的路面"}, "title", "承诺事项写了“尽快”，办没办成没法核对"),
    "commitment.strive": ({"quality": "力争达到省级标准"}, "quality", "质量标准写了“力争”，办没办成没法核对"),
    "commitment.no_number": ({"measure": "村里的主要道路"}, "measure", "没有写出数，办了多少别人核对不了"),
    "commitment.around": ({"measure": "3公里左右"}, "measure", "数量写了“左右”，办没办成没法核对"),
    "commitment.nobody": ({"office": "相关科室"}, "office", "谁来办写了“相关科室”，办没办成没法核对"),
    "commitment.no_proof": ({"shown_by": "待定"}, "shown_by", "没有写拿什么证明办成了"),
    "commitment.no_day": ({"due_on": "年底前"}, "due_on", "“年底前”不是能认的日期"),
    "commitment.long_term": ({"due_on": "长期坚持"}, "due_on", "“长期坚持”不是能认的日期"),
    "commitment.empty_proof": ({"shown_by": ""}, "shown_by", "必填，但这一格是空的"),
    "commitment.due_before_made": ({"due_on": "2026-01-31"}, "due_on", "早于“作出承诺的日期”（2026-03-02）"),
    "commitment.official_unknown": (
        {"promisor": "个人", "official": "QH-9999", "official_name": "钱某"}, "official", "人员名录里没有编号“QH-9999”",
    ),
    "commitment.official_misnamed": (
        {"promisor": "个人", "official": "QH-0001", "official_name": "孙某"}, "official", "编号“QH-0001”在人员名录里不是“孙某”",
    ),
    "milestone.no_parent": ({}, "parent", "还没有编号是“2026-承-99”的承诺或者项目"),
    "work_target.own_confirmer": ({"confirmer": "县交通局"}, "confirmer", "核实单位和责任单位是同一个"),
    "work_target.confirmer_unknown": ({"confirmer": "某县某办"}, "confirmer", "“某县某办”不在本县机关名录里"),
    "work_target.of_others": ({"organ": OFFICE, "confirmer": MARKET}, "confirmer", "上报单位不是“责任单位”、“核实单位”写的机关"),
    "suggestion.of_another_office": ({"confirmer": OFFICE}, "confirmer", "上报单位不是“交办单位”写的机关"),
    "suggestion.ahead": ({"assigned_on": "2026-12-01"}, "assigned_on", "日期2026-12-01在上报日2026-11-23之后"),
    "town_commitment.field": ({"field": "招商"}, "field", "“招商”不在可填的范围内"),
    "court_case.no_outcome": ({"outcome": ""}, "outcome", "按“审结日期”，这一格必填"),
    "court_case.nothing_to_perform": ({"to_perform": ""}, "to_perform", "按“应履行的期限”，这一格必填"),
    "court_case.second_without_first": ({"stage": "二审"}, "earlier", "按“审级”，这一格必填"),
    "service_item.longer_than_law": ({"promised_days": "25"}, "promised_days", "大于“法定时限（工作日）”（20）"),
    "service_item.cancelled_without_basis": ({"status": "取消"}, "status_basis", "按“状态”，这一格必填"),
    "service_case.done_before_accepted": ({"done_on": "2026-08-30"}, "done_on", "早于“受理日期”（2026-09-01）"),
    "service_case.no_result": ({"result": ""}, "result", "按“实际办结日”，这一格必填"),
    "service_case.item_unknown": (
        {"item_code": "QH-SP-99"}, "item_code", "“QH-SP-99”不在青禾县市场监督管理局的政务服务事项清单里",
    ),
    "violation.exempt_without_ground": ({"sanction": "免予处分"}, "ground", "按“处分、处理”，这一格必填"),
    "violation.of_another_office": ({"sender": ROADS}, "sender", "上报单位不是“报送单位”写的机关"),
}  # fmt: skip
"""By file, what differs from a row that passes, the field that is marked, and the words."""


def row(name: str) -> tuple[str, dict[str, str]]:
    """Who sends the file of that name, and its one row."""
    kind = name.partition(".")[0]
    sender, good = (MARKET, MILESTONE) if kind == "milestone" else ROWS[kind]
    return sender, {**good, **FAULTS[name][0]}


def made() -> Iterator[tuple[str, str]]:
    """Each file's name and content."""
    for name in FAULTS:
        kind, values = KINDS[name.partition(".")[0]], row(name)[1]
        file = io.StringIO(newline="")
        sheet = csv.writer(file)
        sheet.writerow(field.title for field in kind.fields)
        sheet.writerow(values.get(field.id, "") for field in kind.fields)
        yield f"{name}.csv", file.getvalue()


if __name__ == "__main__":
    for old in FOLDER.glob("*.csv"):
        old.unlink()
    for name, content in made():
        (FOLDER / name).write_text(content, "utf-8", newline="")
