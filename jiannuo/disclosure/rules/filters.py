"""The law on what may be public, as named checks. The pack says which check runs with which figures, since when, and what follows."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Any, Literal

from msgspec import Struct

from jiannuo.disclosure.rules.masking import Body, as_date, personal_in, roles, text_of, value
from jiannuo.kernel.personal import Found
from jiannuo.policy.kinds import Kind
from jiannuo.policy.publishing import PublishFilter

Params = Mapping[str, Any]
Outcome = Literal["publish", "ask", "withhold"]

WAN = Decimal(10_000)
REMARK = "备注"


class Case(Struct, frozen=True, dict=True):
    """A record about to be judged: what it says, its personal values, whose decision it is, and the day of judging."""

    kind: Kind
    body: Body
    private: Mapping[str, str]
    organ: str
    decided_on: date
    on: date
    shown_last: date | None = None
    """The last day of its longest publicity, where `repair.toml` gives one."""

    @cached_property
    def free_texts(self) -> tuple[str, ...]:
        """The free texts the public would read."""
        fields = (name for name in roles(self.kind, "free_text") if self.kind.by_id[name].public)
        return tuple(filter(None, (value(self.body, name) for name in fields)))

    @cached_property
    def free_text(self) -> str:
        """The same, a line each."""
        return "\n".join(self.free_texts)

    @cached_property
    def written(self) -> str:
        """All that the organ wrote freely, the unpublished remark included."""
        fields = {*roles(self.kind, "free_text"), *roles(self.kind, "content")}
        fields |= {one.id for one in self.kind.fields if one.title == REMARK}
        return "\n".join(filter(None, (value(self.body, name) for name in sorted(fields))))

    @cached_property
    def personal(self) -> tuple[Found, ...]:
        """Personal data that still stands in the free texts."""
        return tuple(found for text in self.free_texts for found in personal_in(text))

    @cached_property
    def categories(self) -> frozenset[str]:
        """The kinds of penalty or licence, each alone."""
        text = (
            unicodedata.normalize("NFKC", text_of(self.kind, self.body, "category"))
            .replace("；", ";")
            .replace("、", ";")
        )
        return frozenset(part.strip() for part in text.split(";") if part.strip())

    @cached_property
    def yuan(self) -> Decimal:
        """All amounts together, in yuan; zero where none is written."""
        rate = WAN if self.kind.role.get("unit") == "万元" else Decimal(1)
        return sum((_number(value(self.body, name)) for name in roles(self.kind, "amounts")), Decimal(0)) * rate

    @cached_property
    def born_on(self) -> date | None:
        """The birthday in the identity card number (GB 11643-1999), where there is one."""
        number = next((self.private[name] for name in roles(self.kind, "about_code") if self.private.get(name)), "")
        if len(number) == 15 and number.isdigit():
            return as_date(f"19{number[6:12]}")
        return as_date(number[6:14]) if len(number) == 18 and number[:17].isdigit() else None

    def role(self, name: str) -> str:
        """The text that fills a role."""
        return text_of(self.kind, self.body, name)


@lru_cache(maxsize=4096)
def _parts(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).replace("、", ";")
    return frozenset(part.strip() for part in plain.split(";") if part.strip())


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal:
    try:
        return Decimal(text) if text else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


class Finding(Struct, frozen=True):
    """One rule that bites: what it asks for, on what source, what to do, and what in the record made it bite."""

    filter_id: str
    outcome: Outcome
    title: str
    reason: str
    source: str
    fix: str
    assumed: str
    seen: str = ""
    bases: tuple[str, ...] = ()
    """Where a basis of publication must be chosen: the ones there are."""


class Judgement(Struct, frozen=True):
    """Whether a record may be public: publish, ask the reviewer, or withhold, with every rule that bites."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()

    @property
    def withholding(self) -> Finding | None:
        """The first rule that keeps it from the public."""
        return next((finding for finding in self.findings if finding.outcome == "withhold"), None)

    def unanswered(self, confirmed: Iterable[str]) -> tuple[Finding, ...]:
        """The questions a reviewer has not answered by naming them."""
        answered = frozenset(confirmed)
        return tuple(one for one in self.findings if one.outcome == "ask" and one.filter_id not in answered)


def judge(
    kind: Kind,
    body: Body,
    private: Mapping[str, str],
    *,
    organ: str,
    decided_on: date,
    on: date,
    filters: Iterable[PublishFilter],
    shown_last: date | None = None,
) -> Judgement:
    """What the filters in force say of a record; those of the decision's day or of this day, as each one chooses."""
    case = Case(kind, body, private, organ, decided_on, on, shown_last)
    findings = tuple(
        _finding(rule, seen)
        for rule in filters
        if kind.id in rule.kinds and in_force(rule, decided_on=decided_on, on=on)
        if (seen := CHECKS[rule.check](case, rule.params)) is not None
    )
    outcomes = {finding.outcome for finding in findings}
    return Judgement("withhold" if "withhold" in outcomes else "ask" if outcomes else "publish", findings)


def in_force(rule: PublishFilter, *, decided_on: date, on: date) -> bool:
    """True where the rule holds on the day it says it is chosen by."""
    return rule.on(decided_on if rule.select_by == "decision_date" else on)


def _finding(rule: PublishFilter, seen: str) -> Finding:
    return Finding(
        filter_id=rule.id,
        outcome=rule.outcome,
        title=rule.title,
        reason=rule.reason,
        source=rule.source,
        fix=rule.fix,
        assumed=rule.assumed,
        seen=seen,
        bases=tuple(rule.params.get("bases", ())),
    )


# -- the checks: what in the record made the rule bite, or None ------------------------------------------------


def _first(words: Iterable[str], text: str) -> str | None:
    return next((f"“{word}”" for word in words if word in text), None)


def mentions_words(case: Case, params: Params) -> str | None:
    """A word stands in what the organ wrote."""
    return _first(params["words"], case.written)


def summary_procedure_stated(case: Case, params: Params) -> str | None:
    """The decision says itself that it was made on the spot (行政处罚法第五十一条)."""
    return _first(params["words"], case.written) or _first(params["number_words"], case.role("number"))


def summary_procedure_possible(case: Case, params: Params) -> str | None:
    """Nothing but a warning or a fine small enough for a decision on the spot (行政处罚法第五十一条)."""
    limit = Decimal(params["citizen_yuan" if case.kind.field_for("about_code_type") else "organisation_yuan"])
    if not case.categories or not case.categories <= set(params["categories"]) or case.yuan > limit:
        return None
    amount = f"，罚款{case.yuan:.2f}元，限额{limit}元" if case.yuan else ""
    return "、".join(sorted(case.categories)) + amount


def public_security_penalty(case: Case, params: Params) -> str | None:
    """The decision rests on 治安管理处罚法."""
    return _first(params["basis_words"], case.role("basis"))


def public_security_unclear(case: Case, params: Params) -> str | None:
    """The police decided, and the basis does not say whether under 治安管理处罚法."""
    if _first(params["basis_words"], case.role("basis")):
        return None
    return _first(params["organ_words"], case.role("organ_name") or case.organ)


def minor_on_decision_day(case: Case, params: Params) -> str | None:
    """The person had not reached the age on the day of the decision; the age is reached on the birthday."""
    born = case.born_on
    if born is None or case.decided_on >= _years_on(born, int(params["age"])):
        return None
    return f"决定之日未满{params['age']}周岁"


def age_unknown(case: Case, params: Params) -> str | None:
    """No birthday can be read from the number of the person's document."""
    return None if case.born_on else f"无法判断是否已满{params['age']}周岁"


def needs_publish_basis(_case: Case, _params: Params) -> str | None:
    """A person must choose the basis of publication, whatever the record says."""
    return ""


def only_categories(case: Case, params: Params) -> str | None:
    """Nothing but these kinds of penalty."""
    if not case.categories or not case.categories <= set(params["categories"]):
        return None
    return "、".join(sorted(case.categories))


def older_than(case: Case, params: Params) -> str | None:
    """The decision was made so many years ago or more."""
    last = _years_on(case.decided_on, int(params["years"]))
    return f"{last.isoformat()}满{params['years']}年" if case.on >= last else None


def past_shown_until(case: Case, _params: Params) -> str | None:
    """The last day the record itself says it may be shown has passed."""
    last = as_date(case.role("shown_until"))
    return f"公示截止期{last.isoformat()}" if last and case.on > last else None


def publicity_over(case: Case, _params: Params) -> str | None:
    """The longest publicity of its class has passed."""
    last = case.shown_last
    return f"公示到{last.isoformat()}为止" if last and case.on > last else None


def personal_data_in_text(case: Case, params: Params) -> str | None:
    """Personal data stands in the free texts; `certain` tells numbers proved by their form from what may be an address."""
    found = [one for one in case.personal if one.certain == params["certain"]]
    return "、".join(f"{one.what}“{one.text}”" for one in found[:5]) or None


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28) if years else day


CHECKS: Mapping[str, Callable[[Case, Params], str | None]] = {
    check.__name__: check
    for check in (
        mentions_words,
        summary_procedure_stated,
        summary_procedure_possible,
        public_security_penalty,
        public_security_unclear,
        minor_on_decision_day,
        age_unknown,
        needs_publish_basis,
        only_categories,
        older_than,
        past_shown_until,
        publicity_over,
        personal_data_in_text,
    )
}
"""Every check a pack's `publish.toml` may name."""
