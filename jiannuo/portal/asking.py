"""Fields of a kind of fact as the boxes of a public form, and files as they came: any procedure that the public opens is drawn by these."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.http import HttpRequest

from jiannuo.duties.actions import Upload
from jiannuo.kernel import stripping
from jiannuo.kernel.attachments import LARGEST
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Field, Kind

LONG = 255
MOST_BYTES = 30 * 2**20
"""What one form may weigh with all its files."""
ACCEPTED = ",".join(f".{kind}" for kind in stripping.STRIPPERS)
FILES_HINT = (
    f"可以附照片（JPG、PNG）、PDF、DOCX、XLSX，最多10份，每份不超过{LARGEST // 2**20}兆，合计不超过{MOST_BYTES // 2**20}兆。"
    "照片里的拍摄地点和手机型号、文档里的作者，收下以前都会去掉，文件名也会换掉。"
)
Box = dict[str, object]


def boxes(kind: Kind, typed: Mapping[str, str], on: date, *, wrong: str = "", message: str = "") -> list[Box]:
    """The boxes of a form in the kind's order, with what was typed and what is wrong at its place."""
    return [
        _box(kind, field, typed.get(field.id, ""), on) | {"error": message if field.id == wrong else ""}
        for field in kind.fields
        if field.need != "B"
    ]


def _box(kind: Kind, field: Field, value: str, on: date) -> Box:
    options = [(code, kind.label(field.codes, code, on) or code) for code in kind.codes_on(field.codes, on)]
    organ = field.check == "organ"
    plain = "date" if field.type == "date" else "textarea" if field.length > LONG else "text"
    return {
        "name": field.id,
        "label": field.title,
        "type": "organ" if organ else "radio" if options else plain,
        "options": options,
        "value": value,
        "hint": field.hint,
        "required": field.need == "M",
        "rows": 8,
    }


def typed(kinds: Iterable[Kind], request: HttpRequest) -> dict[str, str]:
    """What was typed, by field."""
    return {field.id: request.POST.get(field.id, "").strip() for kind in kinds for field in kind.fields}


def not_too_large(request: HttpRequest) -> None:
    """Refuses a form that weighs too much, before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) > MOST_BYTES:
        raise Refused(
            f"附的材料合起来超过{MOST_BYTES // 2**20}兆",
            fix="请按浏览器的“后退”，写的字还在；少附几份，或者把照片压小，其余的收到回执以后再补",
            field="papers",
            code="size",
        )


def named_files(request: HttpRequest, titles: Sequence[str]) -> list[Upload]:
    """The files as they came, those that were asked for by name under the name of the paper."""
    found = [
        Upload(str(file.name), file.read(), title)
        for place, title in enumerate(titles)
        for file in request.FILES.getlist(f"paper.{place}")
    ]
    return [*found, *files(request)]


def files(request: HttpRequest) -> list[Upload]:
    """The files as they came."""
    return [Upload(str(one.name), one.read()) for one in request.FILES.getlist("papers")]
