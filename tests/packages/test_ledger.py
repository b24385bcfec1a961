"""The ledger: added to and never changed, readable as of any moment, with digests a second program can recompute."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions, queries, rules
from jiannuo.ledger.models import Entry
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import NOW


@pytest.fixture
def draft(market: OrganCard) -> Callable[..., rules.Draft]:
    def make(number: str = "青市监罚决字〔2026〕1号", **more: object) -> rules.Draft:
        given = {
            "kind": "penalty_legal", "organ_id": market.id, "organ_code": market.code, "happened_on": date(2026, 9, 3),
            "rule": "sample@0#penalty_legal", "source": rules.Source("clerk"), "identity": rules.identity("penalty_legal", number),
            "body": {"CF_WSH": number, "备注": '引号"、换行\n、生僻字𠮷'}, "number": number, "amount": Decimal(2000),
        }  # fmt: skip
        return rules.Draft(**{**given, **more})  # type: ignore[arg-type]

    return make


CHANGES = {
    "an update": "UPDATE ledger_entry SET reason = '改'",
    "a deletion": "DELETE FROM ledger_entry",
    "a changed trace": "UPDATE access_trace SET username = '别人'",
    "a deleted spell of an organ": "DELETE FROM subjects_organspell",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_the_database_refuses(draft: Callable[..., rules.Draft], statement: str) -> None:
    actions.append([draft()], at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_trace (at, username, action, object, detail, purpose, address) VALUES (%s, 'a', 'b', 'c', '', '', '')",
            [NOW],
        )
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("amount", [None, Decimal(2000), Decimal("0.10"), Decimal("98765432109.87")], ids=str)
def test_an_entry_is_the_same_read_through_django_and_in_words_of_sql(
    draft: Callable[..., rules.Draft], amount: Decimal | None
) -> None:
    (link,) = actions.append_linked([draft(amount=amount, about="uscc:91410526MA40000129")], at=NOW)
    (asked,) = queries.cards(Entry.objects.filter(pk=link.id))
    assert queries.entry(link.id) == queries.entries([link.id])[link.id] == asked
    assert (asked.amount, asked.link, asked.seen_at, asked.happened_on) == (amount, link, NOW, date(2026, 9, 3))


def test_truncating_is_refused_where_the_database_can_truncate(draft: Callable[..., rules.Draft]) -> None:
    actions.append([draft()], at=NOW)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                cursor.execute("TRUNCATE ledger_entry CASCADE")
    assert Entry.objects.count() == 1


def test_the_same_version_of_a_record_enters_once(draft: Callable[..., rules.Draft]) -> None:
    actions.append([draft()], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.append([draft()], at=NOW)


def test_entries_are_numbered_without_gaps_and_the_head_knows_the_last(draft: Callable[..., rules.Draft]) -> None:
    start = queries.head()[0]
    assert actions.append([draft("青市监罚决字〔2026〕1号"), draft("青市监罚决字〔2026〕2号")], at=NOW) == [
        start + 1,
        start + 2,
    ]
    assert queries.head() == (start + 2, NOW)


def by_hand(entry_id: int, organ_code: str) -> str:
    """The digest as docs/ledger.md describes it, with nothing but the standard library."""
    row = Entry.objects.select_related("refers").values().get(pk=entry_id)
    refers = Entry.objects.filter(pk=row["refers_id"]).values_list("digest", flat=True).first()
    corrects = Entry.objects.filter(pk=row["corrects_id"]).values_list("digest", flat=True).first()
    covered = {
        **{
            name: row[name]
            for name in ("about", "author", "batch", "kind", "number", "reason", "row", "rule", "version", "visibility")
        },
        "amount": None if row["amount"] is None else f"{row['amount']:.2f}",
        "body": json.loads(row["body"]),
        "corrects": bytes(corrects).hex() if corrects else None,
        "happened_on": str(row["happened_on"]),
        "organ": organ_code,
        "private": bytes(row["private_digest"]).hex() if row["private_digest"] else None,
        "refers": bytes(refers).hex() if refers else None,
        "salt": bytes(row["salt"]).hex(),
        "seen_at": row["seen_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "visible_until": str(row["visible_until"]) if row["visible_until"] else None,
    }
    canonical = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"jiannuo:1\n" + canonical.encode()).hexdigest()


def test_a_second_program_recomputes_every_digest(draft: Callable[..., rules.Draft], market: OrganCard) -> None:
    (first,) = actions.append([draft(visible_until=date(2029, 9, 3))], at=NOW)
    card = queries.entry(first)
    assert card is not None
    act = actions.act(
        "publication",
        on=card,
        organ_code=market.code,
        happened_on=NOW.date(),
        rule="sample@0#x",
        author="审核",
        reason="准予公示",
    )
    private = draft("青市监罚决字〔2026〕9号", private=rules.salted({"CF_XDR_ZJHM": "410526199001010015"}))
    correction = draft(version=2, corrects=card.link, reason="更正")
    for entry_id in [first, *actions.append([act, private, correction], at=NOW + timedelta(seconds=1))]:
        kept = queries.entry(entry_id)
        assert kept is not None
        assert (
            by_hand(entry_id, market.code) == kept.digest == queries.recomputed_digest(entry_id, organ_code=market.code)
        )


def test_the_salt_keeps_equal_facts_apart(draft: Callable[..., rules.Draft]) -> None:
    one, two = (rules.row(draft(), seen_at=rules.moment(NOW)) for _ in range(2))
    assert one.digest != two.digest


def test_a_destroyed_personal_part_leaves_the_entry_whole(draft: Callable[..., rules.Draft], market: OrganCard) -> None:
    (entry_id,) = actions.append([draft(private=rules.salted({"CF_XDR_ZJHM": "410526199001010015"}))], at=NOW)
    assert queries.personal(entry_id) == {"CF_XDR_ZJHM": "410526199001010015"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_personalpart")
    assert queries.personal(entry_id) == {}
    kept = queries.entry(entry_id)
    assert kept is not None
    assert queries.recomputed_digest(entry_id, organ_code=market.code) == kept.digest


def test_evidence_is_kept_once_sealed_and_checked(db: None) -> None:
    del db
    given = {"name": "决定书.pdf", "types": frozenset({"pdf"}), "limit": 1000, "at": NOW, "by": "clerk"}
    card = actions.keep_evidence(b"%PDF-1.7 content", **given)  # type: ignore[arg-type]
    assert actions.keep_evidence(b"%PDF-1.7 content", **given).digest == card.digest  # type: ignore[arg-type]
    path = queries.evidence_path(card.digest)
    assert b"content" not in path.read_bytes()
    assert queries.evidence_bytes(card.digest) == b"%PDF-1.7 content"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Refused, match="密封内容校验不符"):
        queries.evidence_bytes(card.digest)
    path.unlink()
