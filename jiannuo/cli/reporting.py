"""The command that draws up the consolidated half-yearly report."""

import hashlib
from argparse import Namespace
from collections import Counter

from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.rules.periods import period
from jiannuo.assessment.rules.reporting import OPEN
from jiannuo.cli import arguments
from jiannuo.cli.answers import Answer
from jiannuo.cli.starting import demand_ready
from jiannuo.disclosure import queries as disclosure
from jiannuo.documents.rendering import Form
from jiannuo.kernel.refusals import Refused

FORMS: dict[str, Form] = {".docx": "docx", ".pdf": "pdf"}


def report(args: Namespace) -> Answer:
    demand_ready()
    form = FORMS.get(args.out.suffix.lower())
    if form is None:
        raise Refused(f"不能存成“{args.out.suffix}”", fix="文件名请以 .docx 或者 .pdf 结尾", field="out", code="form")
    day = arguments.day_of(args)
    lacking = Counter(cell.organ_id for cell in disclosure.catalogue_status(on=day).missing)
    county = consolidated.county(period(args.period), as_of=day, lacking=lacking)
    data = consolidated.rendered(consolidated.document(county, number=args.number, dated=day), form)
    try:
        args.out.write_bytes(data)
    except OSError as trouble:
        fix = "请核对目录是否存在、有没有写的权限"
        raise Refused(f"存不下 {args.out}：{trouble.strerror}", fix=fix, field="out", code="file") from trouble
    missing = [one.organ for one in county.lines if one.state in OPEN]
    late = [one.organ for one in county.lines if one.state not in OPEN and one.days_late]
    differing = sum(len(one.differences) for one in county.lines)
    found = {
        "period": county.period.name, "as_of": day.isoformat(), "file": str(args.out), "form": form, "bytes": len(data),
        "digest": hashlib.sha256(data).hexdigest(), "organs": len(county.lines), "late": late, "missing": missing,
        "differences": differing,
        "figures": {name: None if one.value is None else str(one.value) for name, one in county.totals.items()},
    }  # fmt: skip
    lines = [
        f"{county.period.title}汇总报告：{args.out}，{len(data) / 1024:.0f} KB",
        f"应报 {len(county.lines)} 个单位，迟报 {len(late)} 个，未报 {len(missing)} 个，与台账不一致 {differing} 处",
    ]
    return Answer(found, lines)
