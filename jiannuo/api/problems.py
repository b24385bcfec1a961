"""Every refusal of this face as one shape: application/problem+json (RFC 9457) with the five words a person needs."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from jiannuo.kernel.refusals import Refused, TryLater

TYPE = "application/problem+json"
TITLES: Mapping[int, str] = {
    400: "请求读不懂",
    401: "没有密钥，或者密钥无效",
    403: "没有权限",
    404: "没有找到",
    409: "与现状冲突",
    413: "内容太大",
    422: "内容不符合要求",
    429: "请求太频繁",
    503: "请稍后再试",
}
STATUS: Mapping[str, int] = {"forbidden": 403, "not_found": 404, "batch": 404, "conflict": 409, "size": 413}
"""Code of a refusal → status, where it is not 422."""

SAID: Mapping[str, str] = {
    "missing": "没有填",
    "int_parsing": "要填整数",
    "int_type": "要填整数",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "string_too_long": "太长",
    "string_too_short": "不能为空",
    "string_type": "要填文字",
    "string_pattern_mismatch": "写法不对",
    "string_unicode": "含有不成字的编码",
    "bool_parsing": "要填 true 或 false",
    "bool_type": "要填 true 或 false",
    "date_from_datetime_parsing": "日期要写成 2026-09-03 的样子",
    "date_parsing": "日期要写成 2026-09-03 的样子",
    "date_type": "日期要写成 2026-09-03 的样子",
    "literal_error": "不在可选的值里",
    "list_type": "要填一个数组",
    "too_long": "太多",
    "too_short": "至少要有一个",
    "extra_forbidden": "没有这个字段",
}


class Fault(Schema):
    """One value that does not pass."""

    field: str = Field(description="字段的位置，例如 body.rows.0.CF_WSH")
    message: str


class Problem(Schema):
    """Why a request was refused, and what to do."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="给程序判断用的短名")
    message: str = Field(description="哪里不对")
    fix: str = Field(description="怎么办")
    clause: str = Field(description="依据")
    field: str = Field(description="与哪个字段有关")
    errors: list[Fault] = Field(default_factory=list)


def problem(status: int, no: Refused, errors: list[Fault] | None = None) -> HttpResponse:
    """The answer for a refusal."""
    told = Problem(title=TITLES[status], status=status, errors=errors or [], **no.as_dict())
    body = json.dumps(told.model_dump(), ensure_ascii=False)
    response = HttpResponse(body, content_type=TYPE, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="jiannuo"'
    return response


def refused(_request: HttpRequest, no: Refused) -> HttpResponse:
    return problem(STATUS.get(no.code, 422), no)


def not_found(_request: HttpRequest, *_args: object) -> HttpResponse:
    """No such address, or none that this key may see."""
    return problem(404, Refused("没有这个地址", fix="请核对路径，全部接口见 openapi.json", code="not_found"))


def nothing_here(what: str) -> Refused:
    """The refusal for what is not there or must not be seen."""
    return Refused(f"没有这{what}", fix="请核对编号", code="not_found")


def unfit(_request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """Values that do not pass, all at once."""
    faults = [Fault(field=".".join(str(part) for part in one["loc"]), message=_said(one)) for one in wrong.errors]
    first = faults[0] if faults else Fault(field="", message="不符合要求")
    no = Refused(f"{first.field}：{first.message}", fix="请按接口说明改正后重新提交", code="invalid", field=first.field)
    return problem(422, no, faults)


def _said(error: Mapping[str, Any]) -> str:
    said = SAID.get(str(error.get("type")), "")
    if said:
        return said
    reason = error.get("ctx", {}).get("error", "")
    return str(reason) or "不符合要求"


def unread(_request: HttpRequest, trouble: Exception) -> HttpResponse:
    """What cannot be read as a request at all."""
    no = Refused("请求的内容读不懂", fix="请核对 Content-Type、编码和 JSON 的写法", code="unreadable")
    status = trouble.status_code if isinstance(trouble, HttpError) else 400
    return problem(status if status in TITLES else 400, no)


def too_big(_request: HttpRequest, _trouble: Exception) -> HttpResponse:
    return problem(413, Refused("请求的内容太大", fix="请分几次提交，或者用上传文件的接口", code="size"))


def unknown(_request: HttpRequest, _trouble: Exception) -> HttpResponse:
    fix = "请在请求头写 Authorization: Bearer jn_…；密钥由系统管理员在工作台开设"
    return problem(401, Refused("没有密钥，或者密钥无效、已终止", fix=fix, code="key"))


def throttled(_request: HttpRequest, _trouble: Exception) -> HttpResponse:
    return problem(429, Refused("请求太频繁", fix="请等一会儿，按 Retry-After 的秒数后再试", code="throttled"))


def later(_request: HttpRequest, trouble: Exception) -> HttpResponse:
    return problem(503, Refused(str(trouble), fix="请稍后再试，同一请求可以原样重发", code="later"))


HANDLERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: refused,
    TryLater: later,
    ValidationError: unfit,
    AuthenticationError: unknown,
    Throttled: throttled,
    HttpError: unread,
    RequestDataTooBig: too_big,
    SuspiciousOperation: unread,
    MultiPartParserError: unread,
    BadRequest: unread,
}


def install(api: NinjaAPI) -> None:
    """From now on everything this face refuses is a problem."""
    for trouble, handler in HANDLERS.items():
        api.add_exception_handler(trouble, handler)
