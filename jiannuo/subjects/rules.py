"""Who someone is on a day: spells of organs, what became of them, and the keys that tell outside parties apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.kernel.identifiers import check_id_card, check_uscc
from jiannuo.kernel.names import fold_name
from jiannuo.kernel.refusals import Refused

CODE_FIELDS = ("uscc", "reg", "org", "tax", "institution", "social")
"""The codes an outside party may be told apart by, the strongest first (行政相对人代码_1 to _6)."""

_NO_CODE = re.compile(r"0*[0X]?")


class Spell(Struct, frozen=True):
    """One row of an organ's history as it was recorded."""

    id: int
    organ_id: int
    code: str
    name: str
    short: str
    type: str
    parent_id: int | None
    uscc: str
    since: date
    until: date | None
    successors: tuple[str, ...]
    aliases: tuple[str, ...]
    assumed: str
    recorded_at: datetime
    recorded_by: str
    replaces: int | None

    def holds(self, on: date) -> bool:
        """True from its first day until the day before its end; a spell that ends on its first day never held."""
        return self.since <= on and (self.until is None or on < self.until)


class OrganCard(Struct, frozen=True):
    """An organ as it stood on a day; for one that had ended by then, as it last stood."""

    id: int
    code: str
    name: str
    short: str
    type: str
    parent_id: int | None
    uscc: str
    since: date
    until: date | None
    successors: tuple[int, ...]
    assumed: str
    aliases: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.short


def known(spells: Iterable[Spell], moment: datetime | None) -> list[Spell]:
    """The spells that counted at a moment: recorded by then and not yet replaced by another."""
    recorded = [spell for spell in spells if moment is None or spell.recorded_at <= moment]
    replaced = {spell.replaces for spell in recorded}
    kept = [spell for spell in recorded if spell.id not in replaced]
    return sorted(kept, key=lambda spell: (spell.organ_id, spell.since, spell.id))


def standing_on(spells: Sequence[Spell], on: date) -> Spell:
    """Of one organ's spells, oldest first: the one that holds, else the last that began by then, else the first of all."""
    holding = [spell for spell in spells if spell.holds(on)]
    begun = [spell for spell in spells if spell.since <= on and spell.until != spell.since]
    return (holding or begun or list(spells[:1]))[-1]


class Directory(Struct, frozen=True, dict=True):
    """All organs as they stood on a day, found by any name they go or went by."""

    on: date
    cards: Mapping[int, OrganCard]
    """Every organ ever known, ended ones included."""
    names: Mapping[str, tuple[frozenset[int], ...]]
    """Folded name → organs that bear it: now; formerly; organs that have ended."""
    lead_code: str = ""
    by_code: Mapping[str, OrganCard] = {}

    @cached_property
    def organs(self) -> tuple[OrganCard, ...]:
        """The organs in force that day, by code."""
        return tuple(sorted((card for card in self.cards.values() if self.in_force(card)), key=lambda card: card.code))

    def in_force(self, card: OrganCard) -> bool:
        """True where the organ exists that day."""
        return card.since <= self.on and (card.until is None or self.on < card.until)

    def card(self, organ_id: int) -> OrganCard:
        """The organ of that id; raises KeyError where there is none."""
        return self.cards[organ_id]

    @property
    def lead(self) -> OrganCard:
        """The organ the document makes responsible for the whole (牵头单位)."""
        return self.by_code[self.lead_code]

    def find(self, text: str) -> OrganCard | None:
        """The one organ of that code, or current, other, former name; nothing where two share it."""
        text = text.strip()
        if found := self.by_code.get(text.upper()):
            return found
        for bearers in self.names.get(fold_name(text), ()):
            if bearers:
                return self.cards[next(iter(bearers))] if len(bearers) == 1 else None
        return None

    def heir(self, organ_id: int) -> OrganCard:
        """The organ that answers for this one that day: itself while it exists, else who took over, the first named first."""
        card, seen = self.cards[organ_id], {organ_id}
        while not self.in_force(card):
            following = [self.cards[successor] for successor in card.successors if successor not in seen]
            if not following:
                break
            card = next((each for each in following if self.in_force(each)), following[0])
            seen.add(card.id)
        return card

    @cached_property
    def _lines(self) -> dict[int, frozenset[int]]:
        lines: dict[int, set[int]] = {organ_id: {organ_id} for organ_id in self.cards}
        for organ_id in self.cards:
            lines[self.heir(organ_id).id].add(organ_id)
        return {organ_id: frozenset(line) for organ_id, line in lines.items()}

    def line(self, organ_id: int) -> frozenset[int]:
        """The organ with all those whose records roll up to it because it took them over."""
        return self._lines.get(organ_id, frozenset((organ_id,)))

    @cached_property
    def _children(self) -> dict[int, list[int]]:
        children: dict[int, list[int]] = {}
        for card in self.cards.values():
            if card.parent_id is not None:
                children.setdefault(card.parent_id, []).append(card.id)
        return children

    def subtree(self, organ_id: int) -> frozenset[int]:
        """The organ, those it took over, and all that answer to them."""
        found: set[int] = set()
        waiting = [organ_id]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting.extend(self.line(at))
                waiting.extend(self._children.get(at, ()))
        return frozenset(found)


def directory(spells: Sequence[Spell], on: date, *, lead_code: str = "") -> Directory:
    """The directory of a day, from the spells that count."""
    by_organ: dict[int, list[Spell]] = {}
    for spell in spells:
        by_organ.setdefault(spell.organ_id, []).append(spell)
    ids = {spell.code: spell.organ_id for spell in spells}
    cards = {organ_id: _card(standing_on(own, on), ids) for organ_id, own in by_organ.items()}
    by_code = {card.code: card for card in cards.values()}
    by_uscc: dict[str, set[int]] = {}
    for spell in spells:
        by_uscc.setdefault(spell.uscc, set()).add(spell.organ_id)
    by_code |= {uscc: cards[min(bearers)] for uscc, bearers in by_uscc.items() if uscc and len(bearers) == 1}
    return Directory(on, cards, _names(by_organ, cards, on), lead_code, by_code)


def _card(spell: Spell, ids: Mapping[str, int]) -> OrganCard:
    return OrganCard(
        id=spell.organ_id,
        code=spell.code,
        name=spell.name,
        short=spell.short,
        type=spell.type,
        parent_id=spell.parent_id,
        uscc=spell.uscc,
        since=spell.since,
        until=spell.until,
        successors=tuple(ids[code] for code in spell.successors if code in ids),
        assumed=spell.assumed,
        aliases=spell.aliases,
    )


def _names(
    by_organ: Mapping[int, Sequence[Spell]], cards: Mapping[int, OrganCard], on: date
) -> dict[str, tuple[frozenset[int], ...]]:
    ranks: dict[str, tuple[set[int], set[int], set[int]]] = {}
    for organ_id, own in by_organ.items():
        card = cards[organ_id]
        alive = card.since <= on and (card.until is None or on < card.until)
        for spell in own:
            rank = 2 if not alive else 0 if spell.since == card.since else 1
            for name in (spell.name, spell.short, *spell.aliases):
                ranks.setdefault(fold_name(name), (set(), set(), set()))[rank].add(organ_id)
    return {name: tuple(map(frozenset, bearers)) for name, bearers in ranks.items()}


# -- outside parties -----------------------------------------------------------------------------------------


def party_key(codes: Mapping[str, str], name: str, blind: bytes | None = None, *, record: bytes = b"") -> str:
    """What tells an outside party apart: its strongest code, a natural person's keyed digest, else the record itself.

    Two parties are never one because their names agree. `codes` are normalised and named as in CODE_FIELDS; a
    household without any code (个体工商户, 填 00000000000000000X) stays alone with its record.
    """
    for kind in CODE_FIELDS:
        code = codes.get(kind, "")
        if code and not _NO_CODE.fullmatch(code):
            return f"{kind}:{code}"[:64]
    if blind:
        return f"person:{blind.hex()}"
    if not record:
        raise ValueError(f"{name}: a party without a code needs the identity of its record")
    return f"record:{record.hex()}"


class PartyRow(Struct, frozen=True):
    """An outside party as first reported; a natural person's name is masked already."""

    key: str
    type: str
    name: str
    since: date


# -- what changes in an organ's history ----------------------------------------------------------------------


class Draft(Struct, frozen=True):
    """A spell about to be recorded, and the id of the spell it replaces."""

    code: str
    name: str
    short: str
    type: str
    parent: str
    uscc: str
    since: date
    until: date | None = None
    successors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    assumed: str = ""
    replaces: int | None = None


def check_draft(draft: Draft) -> None:
    """Refuses a spell that names nothing or bears a code that cannot be one (GB 32100-2015)."""
    for value, label, name in (
        (draft.code, "单位编码", "code"),
        (draft.name, "名称", "name"),
        (draft.short, "简称", "short"),
    ):
        if not value.strip():
            raise Refused(f"没有填{label}", fix=f"请填写{label}", field=name)
    if draft.uscc and (verdict := check_uscc(draft.uscc)).level == "error":
        raise Refused(
            verdict.reason, fix="请对照机构编制证书改正统一社会信用代码", clause="GB 32100-2015", field="uscc"
        )


OFFICIAL_CODE = re.compile(r"[0-9A-Za-z._\-]{1,40}")
OFFICIAL = "official:"
"""Begins the key under which entries about an official are found; no outside party's key begins so."""


def official_key(code: str) -> str:
    """The key of an official in the ledger; empty where there is no code."""
    return f"{OFFICIAL}{code}"[:64] if code else ""


def check_office(code: str, name: str, title: str, *, since: date, until: date | None) -> tuple[str, str, str]:
    """Code, name and title without blanks around them; refuses what names nobody, or ends before it began."""
    code, name, title = code.strip(), name.strip(), title.strip()
    for value, label, field_name in ((code, "人员编号", "code"), (name, "姓名", "name"), (title, "职务", "title")):
        if not value:
            raise Refused(f"没有填{label}", fix="请补全后再登记", field=field_name)
    if not OFFICIAL_CODE.fullmatch(code):
        raise Refused(
            f"人员编号“{code}”不对",
            fix="编号用数字、字母、点或短横，不超过40位；不要用身份证号",
            field="code",
        )
    if check_id_card(code).level == "ok":
        raise Refused(
            "这是身份证号，不能当人员编号",
            fix="请另编一个编号，例如 QH-0012：编号会出现在记录里，身份证号不能",
            clause="中华人民共和国个人信息保护法第六条（目的明确、最小必要）",
            field="code",
        )
    if until is not None and until <= since:
        raise Refused(f"免职日{until}不晚于任职日{since}", fix="请核对任免文件上的日期", field="until")
    return code, name[:60], title[:100]


def as_draft(spell: Spell, parent_code: str) -> Draft:
    """The spell as it would be recorded again."""
    return Draft(
        code=spell.code,
        name=spell.name,
        short=spell.short,
        type=spell.type,
        parent=parent_code,
        uscc=spell.uscc,
        since=spell.since,
        until=spell.until,
        successors=spell.successors,
        aliases=spell.aliases,
        assumed=spell.assumed,
    )


def changes(recorded: Iterable[tuple[int, Draft]], wanted: Iterable[Draft]) -> list[Draft]:
    """What to append so that the history says what is wanted: new spells, replacements of those that differ, and an end
    on its first day for one no longer wanted, so that it never held. A spell is the same when organ and first day are.
    """
    held = {(draft.code, draft.since): (spell_id, draft) for spell_id, draft in recorded}
    found: list[Draft] = []
    for draft in wanted:
        spell_id, before = held.pop((draft.code, draft.since), (None, None))
        if before != draft:
            found.append(replace(draft, replaces=spell_id))
    for spell_id, before in held.values():
        if before.until != before.since:
            found.append(replace(before, until=before.since, replaces=spell_id))
    return found
