"""The dated rules on what may be public (`publish.toml`)."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, Self

from msgspec import Struct

PUBLISH_CHECKS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        name: (frozenset(must.split()), frozenset(may.split()))
        for name, must, may in (
            ("mentions_words", "words", ""),
            ("summary_procedure_stated", "words number_words", ""),
            ("summary_procedure_possible", "citizen_yuan organisation_yuan categories", ""),
            ("public_security_penalty", "basis_words", ""),
            ("public_security_unclear", "organ_words basis_words", ""),
            ("minor_on_decision_day", "age", ""),
            ("age_unknown", "age", ""),
            ("needs_publish_basis", "bases", ""),
            ("only_categories", "categories", ""),
            ("past_shown_until", "", ""),
            ("publicity_over", "", ""),
            ("older_than", "years", ""),
            ("personal_data_in_text", "certain", ""),
        )
    }
)
"""Each publication check's parameters: those it must be given, those it may be."""


class PublishFilter(Struct, frozen=True):
    """A dated rule on what may be public: a named check with parameters, and what follows where it bites.

    In force from `since` to `until`, both inclusive, chosen by the day of the decision or by the day on which the record is or would be
    shown (`select_by`). `withhold` keeps the record from view, `ask` leaves it to the reviewer. The checks, carried out in
    `jiannuo.disclosure.rules`, read the record through the roles of its kind:

    | check | bites when |
    |---|---|
    | mentions_words | a text (`free_text`, `content` or the remark) contains one of `words` |
    | summary_procedure_stated | a text contains one of `words`, or the document number one of `number_words` |
    | summary_procedure_possible | `category` holds nothing but `categories`, the fine is at most `citizen_yuan` for a natural person or `organisation_yuan` for others (no fine: a warning alone), and the procedure is not stated |
    | public_security_penalty | the record is about a natural person and `basis` contains one of `basis_words` |
    | public_security_unclear | the deciding organ's name contains one of `organ_words`, the record is about a natural person, and `basis` contains none of `basis_words` |
    | minor_on_decision_day | the ID card number gives a birthday less than `age` years before the decision |
    | age_unknown | the record is about a natural person and no birthday can be read from the number |
    | needs_publish_basis | always, until the reviewer has chosen one of `bases` or written another |
    | only_categories | `category` holds nothing but `categories` |
    | past_shown_until | the field of role `shown_until` is filled and that day has passed |
    | publicity_over | the longest publicity that `repair.toml` gives records of its class has passed |
    | older_than | the decision was made `years` years ago or more |
    | personal_data_in_text | `kernel.personal.find_personal` finds something in a public `free_text` field whose `certain` is as given |
    """

    id: str
    title: str
    check: str
    outcome: Literal["withhold", "ask"]
    source: str
    jurisdiction: str
    reason: str
    fix: str
    kinds: tuple[str, ...]
    since: date
    until: date | None
    select_by: Literal["decision_date", "publication_date"]
    assumed: str = ""
    params: Mapping[str, Any] = {}

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            id=entry["id"],
            title=entry["title"],
            check=entry["check"],
            outcome=entry["outcome"],
            source=entry["source"],
            jurisdiction=entry["jurisdiction"],
            reason=entry["reason"],
            fix=entry["fix"],
            kinds=tuple(entry["kinds"]),
            since=entry["since"],
            until=entry.get("until"),
            select_by=entry["select_by"],
            assumed=entry.get("assumed", ""),
            params=entry.get("params", {}),
        )

    def on(self, day: date) -> bool:
        """Whether the filter is in force on a day; the caller passes the day that `select_by` names."""
        return self.since <= day and (self.until is None or day <= self.until)
