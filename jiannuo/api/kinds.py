"""What can be reported: kinds, their fields, and the workbook to fill."""

# ruff: noqa: ARG001 - an operation takes the request first, whether it reads it or not

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from jiannuo.api import workbooks
from jiannuo.api.problems import nothing_here
from jiannuo.api.shapes import FieldOut, KindDetail, KindOut
from jiannuo.intake import queries as intake
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind

router = Router(tags=["类别"])
Name = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="类别的编号，例如 penalty_legal")]
OUT = ("id", "title", "short", "family", "clause", "source", "whole")


@router.get("/kinds", response=list[KindOut], summary="全部类别")
def kinds(request: HttpRequest) -> list[KindOut]:
    return [KindOut(**_plain(kind)) for kind in policy.current().kinds.values()]


@router.get("/kinds/{kind}", response=KindDetail, summary="一个类别和它的字段")
def kind(request: HttpRequest, kind: Name) -> KindDetail:
    found = _named(kind)
    today = clock.today()
    fields = [
        FieldOut(
            id=one.id, title=one.title, type=one.type, length=one.length, need=one.need,
            codes=list(found.codes_on(one.codes, today)) if one.codes else [], hint=one.hint, public=one.public,
        )
        for one in found.fields
    ]  # fmt: skip
    return KindDetail(**_plain(found), fields=fields)


@router.get("/kinds/{kind}/template.xlsx", response=None, openapi_extra=workbooks.RESPONSES, summary="填报模板")
def template(request: HttpRequest, kind: Name) -> HttpResponse:
    return workbooks.answer(intake.template(_named(kind).id, on=clock.today()), f"{kind}.xlsx")


def _named(name: str) -> Kind:
    found = policy.current().kinds.get(name)
    if found is None:
        raise nothing_here("个类别")
    return found


def _plain(kind: Kind) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in OUT}
