"""Accounts, roles, keys and the trace in the database."""

import hashlib
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from jiannuo.access import actions, queries, rules
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    subjects_actions.load_organs(policy.current(), at=NOW)


def organ(text: str) -> int:
    card = subjects.directory(TODAY).find(text)
    assert card is not None, text
    return card.id


def account(username: str, *roles: str, of: str = "县统计局") -> Actor:
    user_id, _ = actions.create_account(by=INSTALLER, username=username, name="某人", organ_id=organ(of), at=NOW)
    for role in roles:
        actions.grant(by=INSTALLER, user_id=user_id, role=role, on=TODAY, at=NOW)
    return again(user_id)


def user(user_id: int | None) -> AbstractBaseUser:
    return get_user_model().objects.get(pk=user_id or 0)


def again(user_id: int | None, on: date = TODAY) -> Actor:
    actor = queries.actor_of(user(user_id), on=on)
    assert actor is not None
    return actor


def signs_in(username: str, password: str) -> bool:
    return authenticate(RequestFactory().post("/"), username=username, password=password) is not None


def test_the_first_password_is_told_once_and_opens_the_account() -> None:
    user_id, password = actions.create_account(
        by=INSTALLER, username="Tongji.Li", name="李某", organ_id=organ("县统计局"), at=NOW
    )
    assert signs_in("tongji.li", password)
    assert again(user_id).must_change_password
    assert again(user_id).organ_name == "县统计局"
    traced = "".join(f"{trace.object}{trace.detail}" for trace in queries.traces())
    assert password not in traced
    assert len({actions.random_password() for _ in range(50)}) == 50


def test_an_account_without_a_role_may_do_nothing() -> None:
    actor = account("nobody")
    assert not any(rules.may(actor, action) for action in rules.ACTIONS)


def test_a_role_counts_from_its_day_and_not_after_its_end() -> None:
    clerk = account("clerk.one")
    given = actions.grant(by=INSTALLER, user_id=clerk.user_id or 0, role="clerk", on=date(2026, 12, 1), at=NOW)
    assert again(clerk.user_id, date(2026, 11, 30)).roles == frozenset()
    assert again(clerk.user_id, date(2026, 12, 1)).roles == {"clerk"}
    actions.end_grant(by=INSTALLER, grant_id=given, on=date(2026, 12, 5), at=NOW)
    assert again(clerk.user_id, date(2026, 12, 4)).roles == {"clerk"}
    assert again(clerk.user_id, date(2026, 12, 5)).roles == frozenset()
    with pytest.raises(Refused, match="已经终止"):
        actions.end_grant(by=INSTALLER, grant_id=given, on=date(2026, 12, 6), at=NOW)


def test_an_organ_s_people_reach_what_it_took_over() -> None:
    clerk = account("hedong.clerk", "clerk", of="河东街道")
    assert rules.may(clerk, "records.read", organ("河东镇"))
    assert not rules.may(clerk, "records.read", organ("柳溪镇"))


def test_an_actor_is_known_in_two_queries() -> None:
    known = user(account("clerk.one", "clerk").user_id)
    with CaptureQueriesContext(connection) as asked:
        queries.actor_of(known)
    assert len(asked) <= 2


def test_the_three_administrators_and_the_others_stay_apart_in_the_database() -> None:
    held = account("admin.sys", "sysadmin")
    for role in ("secadmin", "auditadmin", "clerk", "auditor"):
        with pytest.raises(Refused, match="不能兼任"):
            actions.grant(by=INSTALLER, user_id=held.user_id or 0, role=role, on=TODAY, at=NOW)
    assert again(held.user_id).roles == {"sysadmin"}


def test_a_role_that_will_begin_later_counts_as_held() -> None:
    held = account("admin.sys")
    actions.grant(by=INSTALLER, user_id=held.user_id or 0, role="sysadmin", on=date(2027, 1, 1), at=NOW)
    with pytest.raises(Refused, match="不能兼任"):
        actions.grant(by=INSTALLER, user_id=held.user_id or 0, role="secadmin", on=TODAY, at=NOW)


def test_nobody_grants_to_or_takes_from_oneself() -> None:
    secadmin = account("admin.sec", "secadmin")
    own = queries.account(secadmin.user_id or 0)
    assert own is not None
    with pytest.raises(Refused, match="不能给自己授权"):
        actions.grant(by=secadmin, user_id=own.id, role="clerk", on=TODAY, at=NOW)
    with pytest.raises(Refused, match="不能终止自己的角色"):
        actions.end_grant(by=secadmin, grant_id=own.grants[0].id, on=TODAY, at=NOW)


@pytest.mark.parametrize("role", [None, *rules.ROLES])
def test_only_the_right_administrator_writes(role: str | None) -> None:
    actor = account("asker", *([role] if role else []))
    target = account("target", "clerk")
    card = queries.account(target.user_id or 0)
    assert card is not None
    key_id, _ = actions.create_key(
        by=INSTALLER, name="系统", organ_id=organ("县统计局"), roles=frozenset({"clerk"}), on=TODAY, at=NOW
    )
    place, at = organ("县统计局"), NOW
    tried: dict[str, list[Any]] = {
        "accounts.manage": [
            lambda: actions.create_account(by=actor, username="new.one", name="新人", organ_id=place, at=at),
            lambda: actions.reset_password(by=actor, user_id=card.id, at=at),
            lambda: actions.move_account(by=actor, user_id=card.id, organ_id=organ("县审计局"), at=at),
            lambda: actions.close_account(by=actor, user_id=card.id, at=at),
        ],
        "keys.manage": [
            lambda: actions.create_key(
                by=actor, name="新系统", organ_id=place, roles=frozenset({"clerk"}), on=TODAY, at=at
            ),
            lambda: actions.end_key(by=actor, key_id=key_id, on=TODAY, at=at),
        ],
        "roles.grant": [
            lambda: actions.grant(by=actor, user_id=card.id, role="reviewer", on=TODAY, at=at),
            lambda: actions.end_grant(by=actor, grant_id=card.grants[0].id, on=TODAY, at=at),
        ],
    }
    for action, calls in tried.items():
        before = len(queries.traces(limit=1000))
        if rules.may(actor, action):
            for call in calls:
                call()
            assert len(queries.traces(limit=1000)) == before + len(calls), "every change notes itself"
            continue
        for call in calls:
            with pytest.raises(Refused) as refused:
                call()
            assert refused.value.code == "forbidden"
        assert len(queries.traces(limit=1000)) == before


def test_a_closed_account_is_shut_and_keeps_its_name() -> None:
    user_id, password = actions.create_account(by=INSTALLER, username="gone", name="某人", organ_id=None, at=NOW)
    actions.grant(by=INSTALLER, user_id=user_id, role="auditor", on=TODAY, at=NOW)
    actions.close_account(by=INSTALLER, user_id=user_id, at=NOW)
    assert not signs_in("gone", password)
    assert queries.actor_of(user(user_id)) is None
    card = queries.account(user_id)
    assert card is not None
    assert [grant.until for grant in card.grants] == [TODAY]
    with pytest.raises(Refused, match="注销的用户名也不再用"):
        actions.create_account(by=INSTALLER, username="GONE", name="别人", organ_id=None, at=NOW)
    with pytest.raises(Refused, match="已经注销"):
        actions.reset_password(by=INSTALLER, user_id=user_id, at=NOW)


def test_a_person_who_moves_leaves_the_roles_behind() -> None:
    clerk = account("mover", "clerk")
    actions.move_account(by=INSTALLER, user_id=clerk.user_id or 0, organ_id=organ("县审计局"), at=NOW)
    moved = again(clerk.user_id)
    assert (moved.organ_name, moved.roles) == ("县审计局", frozenset())


def test_one_s_own_password() -> None:
    user_id, first = actions.create_account(
        by=INSTALLER, username="tongji.li", name="李某", organ_id=organ("县统计局"), at=NOW
    )
    actor = again(user_id)
    for old, new, words in (
        ("wrong", "qinghe-2026-Credit", "原口令不对"),
        (first, first, "相同"),
        (first, "1234567890123", "数字"),
        (first, "short", "10"),
        (first, "password123", "常见"),
        (first, "tongji.li1", "相似"),
    ):
        with pytest.raises(Refused, match=words):
            actions.change_password(by=actor, old=old, new=new, at=NOW)
    actions.change_password(by=actor, old=first, new="qinghe-2026-Credit", at=NOW)
    assert signs_in("tongji.li", "qinghe-2026-Credit")
    assert not again(user_id).must_change_password
    second = actions.reset_password(by=INSTALLER, user_id=user_id, at=NOW)
    assert signs_in("tongji.li", second)
    assert again(user_id).must_change_password


def test_a_key_is_shown_once_and_only_its_digest_is_kept() -> None:
    place = organ("县统计局")
    key_id, text = actions.create_key(
        by=INSTALLER, name="处罚系统", organ_id=place, roles=frozenset({"clerk"}), on=TODAY, at=NOW
    )
    assert text.startswith("jn_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM access_apikey")
        assert cursor.fetchone() == (hashlib.sha256(text.encode()).hexdigest(),)
    actor = queries.actor_of_key(text, NOW)
    assert actor is not None
    assert (actor.username, actor.organ_id, actor.roles) == (f"key:{key_id}", place, frozenset({"clerk"}))
    assert rules.may(actor, "intake.send", place)
    assert not rules.may(actor, "intake.send", organ("县审计局"))
    actions.end_key(by=INSTALLER, key_id=key_id, on=TODAY, at=NOW)
    assert queries.actor_of_key(text, NOW) is None
    assert [key.until for key in queries.api_keys()] == [TODAY]


@pytest.mark.parametrize("text", ["", "jn_", "jn_nothing", "wrong", "x" * 10_000])
def test_a_key_nobody_made_opens_nothing(text: str) -> None:
    assert queries.actor_of_key(text, NOW) is None


def test_the_trace_is_found_by_who_what_where_and_when() -> None:
    clerk, other = account("clerk.one", "clerk"), account("clerk.two", "clerk", of="县审计局")
    actions.note(clerk, action="records.read", object="entry:5", at=NOW, purpose="核对", address="10.0.0.8")
    actions.note(other, action="records.personal", object="entry:5", at=NOW.replace(hour=11))
    read = queries.traces(object="entry:5")
    assert [trace.username for trace in read] == ["clerk.two", "clerk.one"]
    assert [trace.action_title for trace in read] == ["查看个人信息", "查看记录"]
    assert len(queries.traces(object="entry:5", organ_ids=frozenset({organ("县审计局")}))) == 1
    assert len(queries.traces(object="entry:5", first=NOW.replace(hour=10))) == 1
    assert len(queries.traces(object="entry:5", last=NOW.replace(hour=10))) == 1
    assert len(queries.traces(username="clerk.one", action="records.read")) == 1
    assert queries.traces(object="entry:5", before=read[0].id) == read[1:]


@pytest.mark.parametrize("statement", ["UPDATE access_trace SET username = 'x'", "DELETE FROM access_trace"])
def test_the_database_refuses_to_change_the_trace(statement: str) -> None:
    account("clerk.one")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_list_of_accounts() -> None:
    account("clerk.one", "clerk")
    account("clerk.two", "clerk", "reviewer", of="县审计局")
    gone = account("gone")
    actions.close_account(by=INSTALLER, user_id=gone.user_id or 0, at=NOW)
    assert [card.username for card in queries.accounts(on=TODAY)] == ["clerk.one", "clerk.two", "gone"]
    assert [card.username for card in queries.accounts(on=TODAY, with_closed=False, role="reviewer")] == ["clerk.two"]
    assert [card.username for card in queries.accounts(on=TODAY, text="K.ONE")] == ["clerk.one"]
    only = queries.accounts(on=TODAY, organ_ids=frozenset({organ("县审计局")}))
    assert [card.role_titles for card in only] == [("填报员", "审核员")]
