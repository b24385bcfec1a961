"""What every act of disclosure shares: one at a time, by someone who may, on records that are as they were seen."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand
from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Bookmark
from jiannuo.disclosure.queries import review
from jiannuo.disclosure.queries.review import Judged
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import rules as entries
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

CHUNK = 5000


class Refusal(Struct, frozen=True):
    """One record that was not done, and why."""

    entry_id: int
    code: str
    message: str
    fix: str
    clause: str = ""

    @classmethod
    def of(cls, entry_id: int, refused: Refused) -> "Refusal":
        return cls(entry_id, refused.code, refused.message, refused.fix, refused.clause)


class Done(Struct, frozen=True):
    """What an act on several records came to: the acts written, and the records refused with their reasons."""

    acts: tuple[int, ...]
    refused: tuple[Refusal, ...] = ()


def one_at_a_time() -> None:
    """Let nobody else decide until this transaction ends, so that two reviewers cannot both decide on one record."""
    Bookmark.objects.get_or_create(name=review.BOOKMARK)
    Bookmark.objects.select_for_update().get(name=review.BOOKMARK)


def chunks(entry_ids: Iterable[int]) -> Iterator[list[int]]:
    """The numbers in order, each once, a few thousand at a time."""
    ordered = list(dict.fromkeys(entry_ids))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def known(entry_ids: Sequence[int], *, on: date) -> list[Judged]:
    """These records as they stand; refuses a number that is none."""
    found = review.judged(entry_ids, on=on)
    for number in entry_ids:
        if number not in found:
            raise Refused(f"没有编号为{number}的待公示记录", fix="请从审核列表进入", code="not_found")
    return [found[number] for number in entry_ids]


def allow(actor: Actor, action: str, records: Iterable[Judged]) -> None:
    """Refuses unless the actor may do this for every organ concerned."""
    for organ_id in {record.reviewer for record in records}:
        demand(actor, action, organ_id)


def need_words(text: str, what: str, *, field: str = "reason", public: bool = False) -> str:
    """The words without blanks around them; refuses none at all, and personal data in words everybody will read."""
    words = text.strip()
    if not words:
        raise Refused(f"没有写{what}", fix=f"请写明{what}", field=field, code="reason")
    if public and (found := [one for one in rules.personal_in(words) if one.certain]):
        raise Refused(
            f"{what}会向社会公开，其中有{found[0].what}“{found[0].text}”",
            fix="请删去个人信息后再提交",
            clause="中华人民共和国个人信息保护法第二十五条",
            field=field,
            code="personal",
        )
    return words


def write(
    kind: str,
    records: Sequence[Judged],
    *,
    author: str,
    on: date,
    at: datetime,
    rule: str,
    reason: str,
    bodies: Sequence[entries.Body],
) -> list[int]:
    """Append one act for each record and return the numbers of the acts."""
    organs = subjects.directory(on)
    drafts = [
        ledger.act(
            kind,
            on=record.card,
            organ_code=organs.card(record.card.organ_id).code,
            happened_on=on,
            rule=rule,
            author=author,
            reason=reason,
            body=body,
            version=record.acts.get(kind, 0) + 1,
        )
        for record, body in zip(records, bodies, strict=True)
    ]
    return ledger.append(drafts, at=at)


def rule(name: str) -> str:
    """The reference an act keeps: the pack and what was applied of it."""
    return f"{policy.current().id}#{name}"


def note(actor: Actor, action: str, entry_ids: Sequence[int], *, at: datetime, detail: str = "") -> None:
    """Leave a trace of what was decided on which records."""
    if not entry_ids:
        return
    named = f"entry:{entry_ids[0]}" + (f" 等{len(entry_ids)}条" if len(entry_ids) > 1 else "")
    access.note(actor, action=action, object=named, at=at, detail=detail)
