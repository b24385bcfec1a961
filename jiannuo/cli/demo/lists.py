"""The power and duty lists of every organ, in two versions between which something changed."""

from collections.abc import Sequence
from datetime import date

from jiannuo.cli.demo.decisions import MARK, Row, slashed
from jiannuo.cli.demo.matters import LICENCES, PENALTIES, TOWN_LICENCE, Licence
from jiannuo.subjects.queries import OrganCard

COMMON_POWERS = (
    ("行政检查", "对职责范围内的监督检查", "有关法律、行政法规的规定"),
    ("行政奖励", "对举报违法行为的奖励", "有关法律、行政法规的规定"),
)
COMMON_DUTIES = (
    ("部门职责", "贯彻执行有关法律法规和政策，拟订本行业发展规划并组织实施"),
    ("监督管理", "对职责范围内的违法行为依法调查处理，公开处理结果"),
    ("公共服务", "受理群众咨询、投诉和举报，按时答复"),
    ("公共服务", "编制并公开办事指南，落实一次性告知"),
    ("其他", "完成县委、县政府交办的其他任务"),
)
STAGES = "受理：一次性告知；审查：按规定核查材料和现场；决定：在时限内作出并送达；监管：开展事后检查"
BLAME = "不履行或者不正确履行职责，造成不良后果的，依法追究直接责任人员的责任"


def powers(organ: OrganCard, listed_on: date, version: int) -> list[Row]:
    """The organ's power list; the second version has one item less, one more, and shorter promises."""
    items = [*_licences(organ), *_penalties(organ), *COMMON_POWERS]
    if version == 2:
        items = [*items[:-1], ("其他", "对失信主体信用修复申请的核实", "《信用修复管理办法》")]
    rows = []
    for number, (sort, name, basis) in enumerate(items, 1):
        code = f"{organ.code.replace('-', '')}-{_letter(sort)}{number:03d}"
        limits = {"statutory_limit": "20个工作日", "promised_limit": "5个工作日" if version == 1 else "3个工作日"}
        rows.append(
            {
                "item_code": code, "item_name": name, "item_type": sort, "basis": basis, "organ": organ.name,
                "organ_code": organ.uscc, "undertaker": "法规股" if sort == "行政处罚" else "审批股", "duty": STAGES,
                "target": "自然人、法人和非法人组织", "fee": "不收费", "accountability": BLAME,
                "listed_on": slashed(listed_on), "remark": MARK, **(limits if sort == "行政许可" else {}),
            }
        )  # fmt: skip
    return rows


def duties(organ: OrganCard, listed_on: date, version: int) -> list[Row]:
    """The organ's duty list; the second version says the boundary to other organs."""
    rows = []
    for number, (sort, name) in enumerate(COMMON_DUTIES[: 4 if version == 1 else 5], 1):
        rows.append(
            {
                "item_code": f"{organ.code.replace('-', '')}-Z{number:03d}", "item_name": name, "item_type": sort,
                "content": f"{organ.short}{name}，责任到岗到人，每季度检查一次落实情况。",
                "basis": f"{organ.name}职能配置、内设机构和人员编制规定", "organ": organ.name, "organ_code": organ.uscc,
                "undertaker": "办公室", "supervision": "双随机、一公开检查" if version == 1 else "双随机、一公开检查，结果十个工作日内公开",
                "boundary": "" if version == 1 else "与其他部门有交叉的，按县政府批准的职责分工办理",
                "accountability": BLAME, "listed_on": slashed(listed_on), "remark": MARK,
            }
        )  # fmt: skip
    return rows


def _licences(organ: OrganCard) -> list[tuple[str, str, str]]:
    found: Sequence[Licence] = [one for one in LICENCES if organ.code.endswith(f"-{one.organ}")]
    if not found and organ.type in ("town", "subdistrict"):
        found = [TOWN_LICENCE]
    return [("行政许可", one.document.removesuffix("决定书"), "有关法律、行政法规的规定") for one in found]


def _penalties(organ: OrganCard) -> list[tuple[str, str, str]]:
    found = [one for one in PENALTIES if organ.code.endswith(f"-{one.organ}")]
    return [("行政处罚", f"对{one.act}的处罚", one.basis) for one in found]


def _letter(sort: str) -> str:
    return {"行政许可": "XK", "行政处罚": "CF", "行政检查": "JC", "行政奖励": "JL"}.get(sort, "QT")
