"""Who may do what. The table of the law is written here once more by hand, as a person reads it."""

from itertools import combinations

import pytest

from jiannuo.access import rules
from jiannuo.access.rules import Actor
from jiannuo.kernel.refusals import Refused

OWN, TAKEN_OVER, OTHER = 1, 2, 3

# 填 审 信 负 人 纪 计 系 安 查: the roles below, in their order. o: own organ, a: all, . : not at all.
EXPECTED = """
records.read      o o a o . a a . . .
records.personal  . o . . . . . . . .
intake.send       o . . . . . . . . .
release.decide    . o . . . . . . . .
record.withdraw   . o a . . . . . . .
record.revoke     o . . . . . . . . .
figures.read      o o a o . . a . . .
lists.read        o o a o . . a . . .
exchange.read     . . a . . . . . . .
duties.perform    o o . . . . . . . .
duties.confirm    . o a o . . . . . .
duties.amend      . o . o . . . . . .
duties.hand_over  o o . o . . . . . .
reports.write     o o . . . . . . . .
reports.sign      . . . o . . . . . .
reports.collect   . . a . . . . . . .
files.organ       . . a o a a . . . .
files.official    . . a o a a . . . .
offices.manage    . . . . a . . . . .
cases.read        o o a o a a . . . .
cases.handle      o o a o a a . . . .
cases.decide      . o a o a a . . . .
eligibility.ask   o o a o a a . . . .
organs.manage     . . . . . . . a . .
accounts.manage   . . . . . . . a . .
keys.manage       . . . . . . . a . .
roles.grant       . . . . . . . . a .
trace.read        . . . . . . a . . a
"""
ROLES = (
    "clerk",
    "reviewer",
    "lead",
    "head",
    "personnel",
    "discipline",
    "auditor",
    "sysadmin",
    "secadmin",
    "auditadmin",
)
GRID = {
    (role, action): reach
    for action, *cells in (line.split() for line in EXPECTED.split("\n") if line)
    for role, reach in zip(ROLES, cells, strict=True)
}


def actor(*roles: str, organ: int | None = OWN) -> Actor:
    scope = frozenset({OWN, TAKEN_OVER}) if organ else frozenset[int]()
    return Actor(7, "scjg.zhang", "张某", organ, "市场监管局", frozenset(roles), scope)


def test_the_grid_names_every_role_and_action() -> None:
    assert {role for role, _ in GRID} == set(rules.ROLES)
    assert {action for _, action in GRID} == set(rules.ACTIONS)


@pytest.mark.parametrize("role, action", list(GRID))
def test_role_by_action_by_organ(role: str, action: str) -> None:
    reach = GRID[role, action]
    asked = actor(role)
    assert [rules.may(asked, action, organ) for organ in (OWN, TAKEN_OVER, OTHER)] == {
        "o": [True, True, False],
        "a": [True, True, True],
        ".": [False, False, False],
    }[reach]
    assert rules.scope(asked, action) == {"o": asked.scope, "a": None, ".": frozenset()}[reach]
    assert rules.may(asked, action) is (reach != ".")


@pytest.mark.parametrize("action", rules.ACTIONS)
@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(actor(), id="no role"),
        pytest.param(actor("boss"), id="a role nobody knows"),
        pytest.param(actor("clerk", "reviewer", organ=None), id="own organ, but none"),
    ],
)
def test_default_is_no(asked: Actor, action: str) -> None:
    assert not rules.may(asked, action)
    assert not rules.may(asked, action, OTHER)
    with pytest.raises(Refused) as refused:
        rules.demand(asked, action)
    assert refused.value.code == "forbidden"
    assert rules.ACTIONS[action] in refused.value.message


def test_an_unknown_action_is_a_fault_and_not_a_yes() -> None:
    with pytest.raises(KeyError):
        rules.may(actor("lead"), "records.delete")


def test_the_words_tell_another_organ_from_a_missing_right() -> None:
    with pytest.raises(Refused, match="属于别的单位"):
        rules.demand(actor("clerk"), "intake.send", OTHER)
    with pytest.raises(Refused, match="没有“审核发布”的权限") as refused:
        rules.demand(actor("clerk"), "release.decide", OWN)
    assert "审核员" in refused.value.fix


def test_two_roles_reach_as_far_as_the_farther() -> None:
    assert rules.scope(actor("clerk", "lead"), "records.read") is None
    assert rules.scope(actor("clerk", "lead"), "intake.send") == frozenset({OWN, TAKEN_OVER})


APART = [(one, other) for one, other in combinations(ROLES, 2)]
TOGETHER = set(combinations(("clerk", "reviewer", "lead", "head", "personnel", "discipline"), 2))


@pytest.mark.parametrize("one, other", APART)
def test_which_roles_one_person_may_hold_together(one: str, other: str) -> None:
    for held, new in ((one, other), (other, one)):
        if (one, other) in TOGETHER:
            rules.check_grant(new, held=[held], to_self=False, has_organ=True)
            continue
        with pytest.raises(Refused) as refused:
            rules.check_grant(new, held=[held], to_self=False, has_organ=True)
        assert rules.ROLES[held].title in refused.value.message
        assert rules.ROLES[new].title in refused.value.message


@pytest.mark.parametrize(
    "role, words, wrong",
    [
        pytest.param("clerk", "已经是填报员", {"held": ["clerk"]}, id="held already"),
        pytest.param("clerk", "不能给自己授权", {"to_self": True}, id="to oneself"),
        pytest.param("boss", "没有“boss”这个角色", {}, id="no such role"),
        pytest.param("setup", "没有“setup”这个角色", {}, id="the installer's role is nobody's"),
        pytest.param("clerk", "填报员要有所属单位", {"has_organ": False}, id="no organ"),
    ],
)
def test_grants_that_are_refused(role: str, words: str, wrong: dict[str, object]) -> None:
    case = {"held": [], "to_self": False, "has_organ": True} | wrong
    with pytest.raises(Refused, match=words):
        rules.check_grant(role, **case)  # type: ignore[arg-type]


def test_administrators_need_no_organ() -> None:
    for role in ("sysadmin", "secadmin", "auditadmin"):
        rules.check_grant(role, held=[], to_self=False, has_organ=False)


@pytest.mark.parametrize(
    "typed, kept",
    [
        pytest.param("ＳＣＪＧ.Zhang ", "scjg.zhang", id="full width, capitals, a blank"),
        pytest.param("scjg-01", "scjg-01", id="as it is"),
    ],
)
def test_user_names_are_folded(typed: str, kept: str) -> None:
    assert rules.check_account(typed, " 张某 ") == (kept, "张某")


@pytest.mark.parametrize("username", ["", "ab", "1zhang", "张三", "a b c", "x" * 31, "zhang'--"])
def test_user_names_that_are_refused(username: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_account(username, "张某")
    assert refused.value.field == "username"


@pytest.mark.parametrize("roles", [frozenset[str](), frozenset({"reviewer"}), frozenset({"clerk", "secadmin"})])
def test_a_machine_never_decides(roles: frozenset[str]) -> None:
    with pytest.raises(Refused, match="由人来做"):
        rules.check_key("处罚系统", roles)


def test_each_sees_the_parts_of_the_desk_that_are_of_use() -> None:
    reading = {"desk:today", "desk:promises", "desk:calendar", "desk:records", "desk:figures", "desk:lists"}
    reading |= {"desk:overview", "desk:reports", "desk:cases", "desk:eligibility"}
    assert actor("clerk").sections == {*reading, "desk:intake", "desk:handovers"}
    assert actor("lead").sections >= {*reading, "desk:deliveries"}
    assert actor("secadmin").sections == {"desk:today", "desk:admin"}
    assert actor().sections == {"desk:today"}
    assert actor("clerk", "reviewer").role_titles == ("填报员", "审核员")


def test_within_one_role_every_action_reaches_equally_far() -> None:
    for role in rules.ROLES:
        assert len({reach for (name, _), reach in rules.TABLE.items() if name == role}) == 1


@pytest.mark.parametrize(
    "remote, forwarded, address",
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("::1", " 198.51.100.7 ", "198.51.100.7"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
    ids=[
        "straight",
        "says it came from elsewhere",
        "own proxy",
        "the proxy names itself last",
        "by the other family",
        "here",
    ],
)
def test_an_address_is_believed_of_ones_own_proxy_alone(remote: str, forwarded: str, address: str) -> None:
    assert rules.network_address(remote, forwarded) == address
