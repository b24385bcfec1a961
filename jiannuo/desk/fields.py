"""A kind's fields as boxes of a form: lists to choose from, hints, and complaints at their place."""

from collections.abc import Collection, Mapping
from datetime import date

from django.http import QueryDict
from msgspec import Struct

from jiannuo.policy.kinds import Field, Kind

LONG = 255
SEPARATOR = ";"


class FormField(Struct, frozen=True):
    """One box of the form."""

    name: str
    label: str
    type: str
    value: str
    hint: str
    error: str
    required: bool
    fixed: bool
    options: tuple[tuple[str, str], ...] = ()
    ticked: tuple[str, ...] = ()
    detailed: tuple[tuple[str, str], ...] = ()
    """Values that are written with particulars, and the particulars typed."""

    @property
    def short(self) -> bool:
        return self.type in ("date", "amount")

    @property
    def rows(self) -> int:
        return 3


def typed(kind: Kind, form: QueryDict) -> dict[str, str]:
    """What was typed, by field; several ticks are joined as the data standard joins them."""
    return {field.id: _typed(kind, field, form) for field in kind.fields if field.need != "B"}


def _typed(kind: Kind, field: Field, form: QueryDict) -> str:
    if field.type != "choices":
        return form.get(field.id, "").strip()
    parts = [value for value in form.getlist(field.id) if value.strip()]
    details = ((value, form.get(f"{field.id}.{value}", "").strip()) for value in _detailed(kind, field))
    parts += [f"{value}-{detail}" for value, detail in details if detail]
    return SEPARATOR.join(parts)


def _detailed(kind: Kind, field: Field) -> list[str]:
    return [code.value for code in kind.dated_codes.get(field.codes, ()) if code.detail]


def field_of(
    kind: Kind,
    field: Field,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    today: date,
    *,
    fixed: Collection[str] = (),
) -> FormField:
    """The box of a field with what is in it."""
    value = values.get(field.id, "")
    is_fixed = field.id in fixed and bool(value)
    hidden = bool(fixed) and field.id in kind.personal_fields
    hint = "个人信息不回填：留空就保留原来的" if hidden else field.hint
    plain = ("text", "", (), (), ())
    type_, _, options, ticked, detailed = _choice(kind, field, value, today) if field.codes else plain
    if not field.codes:
        type_ = {"date": "date"}.get(field.type, "textarea" if field.length > LONG else "text")
    return FormField(
        name=field.id,
        label=field.title,
        type=type_,
        value=value,
        hint=hint,
        error=errors.get(field.id, ""),
        required=field.need == "M" and not hidden,
        fixed=is_fixed,
        options=options,
        ticked=ticked,
        detailed=detailed,
    )


_Choice = tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...], tuple[tuple[str, str], ...]]


def _choice(kind: Kind, field: Field, value: str, today: date) -> _Choice:
    detailed = _detailed(kind, field)
    codes = [one for one in kind.codes_on(field.codes, today) if one not in detailed]
    options = tuple((one, kind.label(field.codes, one, today) or one) for one in codes)
    if field.type == "choice":
        others = ((value, value),) if value and value not in codes else ()
        return "select", "", (("", "请选择"), *options, *others), (), ()
    parts = [part.strip() for part in value.split(SEPARATOR) if part.strip()]
    ticked = tuple(part for part in parts if part in codes)
    typed_details = {part.partition("-")[0]: part.partition("-")[2] for part in parts if "-" in part}
    return "choices", "", options, ticked, tuple((one, typed_details.get(one, "")) for one in detailed)
