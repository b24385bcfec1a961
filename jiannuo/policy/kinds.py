"""A kind of fact as the pack defines it: its fields, who fills them, and what its rows must satisfy.

The checks a `[[rule]]` may name; `jiannuo.intake.rules` carries them out, `CROSS_CHECKS` lists what each must and may be told:

| check | holds when |
|---|---|
| value_in | `field` is one of `values`; `elsewhere` says which kind's table another value belongs to (DP01, DP02) |
| blank_when | where `when` has one of `values` (no `values`: is filled), all `fields` are blank |
| filled_when | where `when` has one of `values` (no `values`: is filled), all `fields` are filled |
| one_of_filled | at least one of `fields` is filled |
| type_matches_code | `type` is what `prefixes` says for the first two characters of `code` (DP03); for a code that begins otherwise \
and not with one of `skip`, it is `otherwise` (DP04) |
| placeholder_code_only_for | `code` is `placeholder` only where `type` is one of `values`; the placeholder needs no check character |
| number_matches_type | `number` passes the kernel check that `checks` names for the value of `type`, blank `type` meaning `default` |
| name_matches_register | the register knows `code` under `name`; an unknown code is a new subject, not a complaint (DP05) |
| not_after_today | no date of `fields` is after the day of upload (DP06, DP07) |
| ordered_dates | `first` is not after `last`, where both are filled (DP06) |
| amount_with_category | where `category` contains one of `values`, `amount` is filled, and above zero unless `zero` (DP12) |
| amount_without_category | where `amount` is above zero, `category` contains one of `values` (DP12) |
| amount_matches_text | where `text` says one of `words` and a sum in yuan, `amount` is that sum in the kind's unit, not the same digits (DP08) |
| organ_on_list | `code` or, where blank, `name` is an organ of the county on the date `day` (today where blank), and they agree (DP11); \
it is the sender's own unless `own` is false |
| sender_named | who sends is one of the organs that `fields` name |
| organs_differ | the organs that `first` and `last` name are not the same one |
| official_known | the register of officials knows `code`, under `name` where that is given |
| known_parent | `parent` is the number of a promise of the organ that `name` names, in the ledger already |
| item_on_list | `item` is, or was, on the list of that `kind` of the organ that `name` names; where that organ has sent no list yet, \
a file is warned once |
| verifiable | others can check it: `who` is an office, `what` says it without the words of the list `vague_word`, `number` has a number, \
`shown` says by what it is proved |
| not_more | the number of `less` is not above that of `more` |
| codes_since | each value of `fields` was in force in its code list on the date `day` |
| same_in_file | each of `fields` has one value in the whole file |
| catalogue_has | `field` is an item of the disclosure catalogue, and `period` is written as the item's period asks |
| web_address | each of `fields` is an http or https address |

DP08 and DP09 are also the field types `amount` and `date`, DP10 is `unique`, DP13 is `publish.toml`.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.policy.claims import ClaimRule
from jiannuo.policy.endings import Ends, Outcomes

Need = Literal["M", "O", "B"]
"""M must be filled, O may be, B must be blank."""

FieldType = Literal["text", "date", "amount", "choice", "choices"]

CROSS_CHECKS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        name: (frozenset(must.split()), frozenset(may.split()))
        for name, must, may in (
            ("value_in", "field values", "elsewhere"),
            ("blank_when", "when fields", "values"),
            ("filled_when", "when fields", "values"),
            ("one_of_filled", "fields", ""),
            ("type_matches_code", "type code", "prefixes otherwise skip"),
            ("placeholder_code_only_for", "code placeholder type values", ""),
            ("number_matches_type", "type number checks", "default"),
            ("name_matches_register", "name code", ""),
            ("not_after_today", "fields", ""),
            ("ordered_dates", "first last", ""),
            ("amount_with_category", "category values amount", "zero"),
            ("amount_without_category", "category values amount", ""),
            ("amount_matches_text", "text amount words", ""),
            ("organ_on_list", "code name", "day own"),
            ("sender_named", "fields", ""),
            ("organs_differ", "first last", ""),
            ("official_known", "code", "name"),
            ("known_parent", "parent name", ""),
            ("item_on_list", "item name kind", ""),
            ("verifiable", "who what number shown", ""),
            ("not_more", "less more", ""),
            ("codes_since", "fields day", ""),
            ("same_in_file", "fields", ""),
            ("catalogue_has", "field", "period"),
            ("web_address", "fields", ""),
        )
    }
)
"""Each check's parameters: those it must be given, those it may be."""

PARAMS_NAMING_FIELDS = frozenset(
    [
        "field",
        "fields",
        "when",
        "type",
        "code",
        "number",
        "name",
        "first",
        "last",
        "category",
        "amount",
        "text",
        "day",
        "period",
        "parent",
        "who",
        "what",
        "shown",
        "less",
        "more",
    ]
)
"""The parameters whose values are ids of the kind's fields."""


class Code(Struct, frozen=True):
    """A value of a code list, from a day until a day (both inclusive, None where open)."""

    value: str
    label: str
    since: date | None
    until: date | None
    detail: bool
    """True where the value is written with its particulars: `其他-具体类别`."""
    aliases: tuple[str, ...]

    def on(self, day: date) -> bool:
        """Whether the value was in force on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Field(Struct, frozen=True):
    """One column of a kind, as the data standard names it."""

    id: str
    title: str
    type: FieldType
    length: int
    places: int
    need: Need
    codes: str
    check: str
    aliases: tuple[str, ...]
    personal: str
    """`secret`: kept encrypted apart and never published; `sealed`: the same, and nothing of it is left to see; `name`: a natural
    person's name, encrypted and masked; `mask`: masked when published."""
    search: bool
    public: bool
    hint: str


class CrossRule(Struct, frozen=True):
    """A condition between fields: a named check with its parameters, and the level of its complaint."""

    id: str
    check: str
    level: Literal["error", "warning"]
    source: str
    params: Mapping[str, Any] = {}


class Performance(Struct, frozen=True):
    """What is asked for besides words and files when a duty is said to be done: columns and rules like those of a kind."""

    fields: tuple[Field, ...]
    rules: tuple[CrossRule, ...]


class Kind(Struct, frozen=True, dict=True):
    """A kind of fact. `role` maps an envelope role (number, day, about_name, about_code, amount, …) to the field that fills it."""

    id: str
    title: str
    short: str
    family: str
    clause: str
    source: str
    fields: tuple[Field, ...]
    role: Mapping[str, Any]
    rules: tuple[CrossRule, ...]
    codes: Mapping[str, tuple[str, ...]]
    """Every value each code list ever had, in order; `codes_on` for those of a day."""
    opens: tuple[str, ...]
    visibility: Literal["public", "organ", "restricted"]
    whole: bool
    """True where a file replaces the organ's whole list (权力清单), False where it adds records."""
    unique: tuple[str, ...]
    dated_codes: Mapping[str, tuple[Code, ...]] = {}
    senders: tuple[str, ...] = ()
    """Who may send it: `lead`, `type:town`, a body that `pack.toml` names, or an organ's code; everybody where none is named."""
    performance: Mapping[str, Performance] = {}
    """By duty, what is asked for when it is said to be done."""
    outcomes: Outcomes | None = None
    ends: Ends | None = None
    ignored: Mapping[str, str] = {}
    """Headings of older feeds that no field keeps any more, and why; their columns are read past, not refused."""
    claim: ClaimRule | None = None
    """How it says what is owed in money."""
    from_case: bool = False
    """True where only a step of a case writes it: no file, form or program sends one in."""

    def asked(self, duty: str) -> "Kind | None":
        """What is asked for when that duty is said to be done, as a kind of its own whose columns are checked like any other's."""
        asked = self.performance.get(duty)
        return replace(self, fields=asked.fields, rules=asked.rules, role={}, unique=()) if asked else None

    @property
    def is_assigned(self) -> bool:
        """Whether others than the organ it is about may send it (an assigning office, a personnel department)."""
        own = self.field_for("organ_name")
        return any(
            rule.check == "organ_on_list" and rule.params["name"] == own and not rule.params.get("own", True)
            for rule in self.rules
        )

    @cached_property
    def by_id(self) -> dict[str, Field]:
        return {entry.id: entry for entry in self.fields}

    @cached_property
    def headings(self) -> dict[str, str]:
        """Each heading that means a field (id, title or alias, as written in the pack) and the field's id.

        Two columns of one sheet may mean one field (CF_CFLB1 and CF_CFLB2): a `choices` field takes the values of both.
        """
        return {name: entry.id for entry in self.fields for name in (*entry.aliases, entry.title, entry.id)}

    def field_for(self, role: str) -> str:
        """The field that fills a role of the envelope (the first, where several do), or an empty string where the kind has none."""
        return next(iter(self.fields_for(role)), "")

    def fields_for(self, role: str) -> tuple[str, ...]:
        """All fields that fill a role of the envelope, in order of preference."""
        filled = self.role.get(role, ())
        return (filled,) if isinstance(filled, str) else tuple(filled)

    def codes_on(self, name: str, day: date) -> tuple[str, ...]:
        """The values of a code list in force on a day."""
        return tuple(code.value for code in self.dated_codes.get(name, ()) if code.on(day))

    def label(self, name: str, value: str, day: date) -> str:
        """What a value of a code list meant on a day: `1` is 有效 in the licence status since 2018."""
        return next(
            (code.label for code in self.dated_codes.get(name, ()) if code.value == value and code.on(day)), value
        )

    def readings(self, name: str) -> dict[str, str]:
        """Each accepted spelling of a code list (value or alias) and the value it stands for."""
        return {text: code.value for code in self.dated_codes.get(name, ()) for text in (*code.aliases, code.value)}

    @cached_property
    def personal_fields(self) -> tuple[str, ...]:
        """The fields whose values are kept encrypted apart from the entry."""
        return tuple(entry.id for entry in self.fields if entry.personal in ("secret", "name", "sealed"))
