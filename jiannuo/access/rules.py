"""Who may do what, and for which organs: one table, read in one place. What the table does not grant is refused."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Literal

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

Group = Literal["business", "audit", "administrator", "setup"]
Reach = Literal["own", "all"]

SESSION_LASTS = timedelta(hours=12)
"""A session ends this long after signing in, however busy it was."""

CLAUSE = "GB/T 22239-2019 8.1.4.2（权限分离、最小授权）"


class Role(Struct, frozen=True):
    """A role a person can hold."""

    title: str
    group: Group


ROLES: Mapping[str, Role] = {
    "clerk": Role("填报员", "business"),
    "reviewer": Role("审核员", "business"),
    "lead": Role("信用办", "business"),
    "head": Role("单位负责人", "business"),
    "personnel": Role("组织人事", "business"),
    "discipline": Role("纪检监察", "business"),
    "auditor": Role("审计员", "audit"),
    "sysadmin": Role("系统管理员", "administrator"),
    "secadmin": Role("安全管理员", "administrator"),
    "auditadmin": Role("安全审计员", "administrator"),
}
TOO_MANY = "too_many"
"""The code of a refusal to who has spoken too often."""
VOICE_LASTS = timedelta(days=1)
"""How long it is kept, blinded, that an address has spoken; no limit looks further back."""
SETUP = "setup"
"""The role of the command line on the machine itself; it is nobody's and cannot be granted."""

KEY_ROLES = frozenset({"clerk", "auditor"})
"""What a machine may be: it reports and reads. Deciding stays with people."""

ACTIONS: Mapping[str, str] = {
    "records.read": "查看记录",
    "records.personal": "查看个人信息",
    "intake.send": "报送数据",
    "release.decide": "审核发布",
    "record.withdraw": "撤下公示",
    "record.revoke": "登记撤销、变更",
    "figures.read": "查看统计",
    "lists.read": "查看权责清单",
    "exchange.read": "查看推送情况",
    "organs.manage": "管理单位",
    "accounts.manage": "管理账号",
    "keys.manage": "管理接口密钥",
    "roles.grant": "授予角色",
    "duties.perform": "提交办理情况",
    "duties.confirm": "确认兑现",
    "duties.amend": "变更承诺期限",
    "duties.hand_over": "办理交接",
    "reports.write": "填写半年报告",
    "reports.sign": "签发半年报告",
    "reports.collect": "汇总半年报告",
    "files.organ": "查阅单位档案",
    "files.official": "查阅公务员诚信档案",
    "offices.manage": "登记任免",
    "cases.read": "查看案件",
    "cases.handle": "经办案件",
    "cases.decide": "审核决定案件",
    "eligibility.ask": "查询能不能评优、立项、用款、试点、采购",
    "trace.read": "查阅操作记录",
}

SHORTEST_PURPOSE = 4
PURPOSE_CLAUSE = "中华人民共和国个人信息保护法第六条（目的明确、最小必要）"

_OWN: Reach = "own"
_ALL: Reach = "all"
_CASES = ("cases.read", "cases.handle", "cases.decide")
TABLE: Mapping[tuple[str, str], Reach] = {
    **{
        ("clerk", action): _OWN
        for action in (
            *("records.read", "intake.send", "record.revoke", "figures.read", "lists.read"),
            *("duties.perform", "duties.hand_over", "reports.write", "cases.read", "cases.handle", "eligibility.ask"),
        )
    },
    **{
        ("reviewer", action): _OWN
        for action in (
            "records.read",
            "records.personal",
            "release.decide",
            "record.withdraw",
            "figures.read",
            "lists.read",
            "duties.perform",
            "duties.confirm",
            "duties.amend",
            "duties.hand_over",
            "reports.write",
            "eligibility.ask",
            *_CASES,
        )
    },
    **{
        ("lead", action): _ALL
        for action in (
            "records.read",
            "figures.read",
            "lists.read",
            "record.withdraw",
            "exchange.read",
            "duties.confirm",
            "reports.collect",
            "files.organ",
            "files.official",
            "eligibility.ask",
            *_CASES,
        )
    },
    **{
        ("head", action): _OWN
        for action in (
            "records.read",
            "figures.read",
            "lists.read",
            "duties.confirm",
            "duties.amend",
            "reports.sign",
            "duties.hand_over",
            "files.organ",
            "files.official",
            "eligibility.ask",
            *_CASES,
        )
    },
    **{
        ("personnel", action): _ALL
        for action in ("files.organ", "files.official", "offices.manage", "eligibility.ask", *_CASES)
    },
    **{
        ("discipline", action): _ALL
        for action in ("records.read", "files.organ", "files.official", "eligibility.ask", *_CASES)
    },
    **{("auditor", action): _ALL for action in ("records.read", "figures.read", "lists.read", "trace.read")},
    **{("sysadmin", action): _ALL for action in ("accounts.manage", "organs.manage", "keys.manage")},
    ("secadmin", "roles.grant"): _ALL,
    ("auditadmin", "trace.read"): _ALL,
    **{(SETUP, action): _ALL for action in ("accounts.manage", "organs.manage", "keys.manage", "roles.grant")},
}
"""(role, action) → the organs it reaches: the actor's own with those it took over, or all."""

REACH: Mapping[str, Reach] = {role: reach for (role, _), reach in TABLE.items()}
"""Role → how far it reaches; within one role every action reaches equally far."""

TRACED: Mapping[str, str] = {
    "login": "登录",
    "login.failed": "登录失败",
    "login.locked": "登录锁定",
    "logout": "退出",
    "refused": "越权被拒",
    "password.change": "改口令",
    "password.reset": "重置口令",
    "account.create": "开户",
    "account.close": "销户",
    "account.move": "调换单位",
    "account.official": "登记公务员编号",
    "files.own": "查看本人档案",
    "role.grant": "授予角色",
    "role.end": "终止角色",
    "key.create": "新建接口密钥",
    "key.end": "终止接口密钥",
    "evidence.read": "下载佐证材料",
    "answers.read": "查看群众反馈",
    "contact.change": "修改联系方式",
    "feed.make": "新建日历订阅",
    "feed.end": "停用日历订阅",
    "duties.invite": "制作答复链接",
    "reporter.read": "查看提出人是谁",
    "decisions.people": "查阅参与决策的人",
}
"""What is traced beside the actions of the table."""

KEY_PREFIX = "jn_"

CODE_LASTS, CODE_AGAIN, MOST_TRIES = timedelta(minutes=30), timedelta(minutes=1), 5
"""How long a code that proves an address counts, when another may be asked for, how many wrong ones spend it."""
MAIL_HOUR = 8
MAIL_HOURS = range(6, 22)
"""The hours from which a person may want mail, and the one meant where nobody chose."""

_USERNAME = re.compile(r"[a-z][a-z0-9.\-]{2,29}")

SECTIONS: Mapping[str, frozenset[str]] = {
    "desk:intake": frozenset({"intake.send"}),
    "desk:review": frozenset({"release.decide"}),
    "desk:promises": frozenset({"records.read"}),
    "desk:calendar": frozenset({"records.read"}),
    "desk:records": frozenset({"records.read"}),
    "desk:overview": frozenset({"figures.read"}),
    "desk:figures": frozenset({"figures.read"}),
    "desk:lists": frozenset({"lists.read"}),
    "desk:deliveries": frozenset({"exchange.read"}),
    "desk:reports": frozenset({"reports.write", "reports.sign", "reports.collect"}),
    "desk:admin": frozenset({"organs.manage", "accounts.manage", "keys.manage", "roles.grant"}),
    "desk:files": frozenset({"files.organ", "files.official", "offices.manage"}),
    "desk:handovers": frozenset({"duties.hand_over"}),
    "desk:cases": frozenset({"cases.read"}),
    "desk:eligibility": frozenset({"eligibility.ask"}),
    "desk:trace": frozenset({"trace.read"}),
}
"""Part of the desk → the actions of which one is enough to be shown it. 今日待办 is shown to everyone."""


class Limit(Struct, frozen=True):
    """How often one network address may do something: so many times in so long."""

    topic: str
    """What is counted: every topic that begins so."""
    most: int
    lasts: timedelta
    words: str
    """What has been done so often: 对这一项承诺已经说了{times}次."""
    kept: str = "这一次说的没有收下，您写的还在下面，可以先存下来"


class Actor(Struct, frozen=True):
    """Who asks: a person or a machine, the organ it is bound to, and the roles it holds this day."""

    user_id: int | None
    username: str
    name: str
    organ_id: int | None
    organ_name: str
    roles: frozenset[str]
    scope: frozenset[int]
    """The organ with those whose records roll up to it."""
    must_change_password: bool = False
    official: str = ""
    """The code of the official whose account it is, where it is one: it opens the file kept about them, and signs for them."""

    @property
    def role_titles(self) -> tuple[str, ...]:
        """The roles in the words people know them by."""
        return tuple(role.title for name, role in ROLES.items() if name in self.roles)

    @property
    def sees_all(self) -> bool:
        """Whether the figures this actor is shown are those of every organ."""
        return scope(self, "figures.read") is None

    @property
    def sections(self) -> frozenset[str]:
        """The parts of the desk this actor is shown."""
        shown = {name for name, actions in SECTIONS.items() if any(may(self, action) for action in actions)}
        own = {"desk:my_file", "desk:handovers"} if self.official else set()
        return frozenset(shown | own | {"desk:today"})


INSTALLER = Actor(None, "setup", "安装程序", None, "", frozenset({SETUP}), frozenset())
"""The command line on the machine itself: it makes the first accounts."""


def scope(actor: Actor, action: str) -> frozenset[int] | None:
    """The organs for which the actor may do this: None is all of them, the empty set is none."""
    if action not in ACTIONS:
        raise KeyError(action)
    reached = {TABLE.get((role, action)) for role in actor.roles}
    if _ALL in reached:
        return None
    return actor.scope if _OWN in reached else frozenset()


def may(actor: Actor, action: str, organ_id: int | None = None) -> bool:
    """True where the table grants the action, for this organ when one is given."""
    reached = scope(actor, action)
    return reached is None or (bool(reached) if organ_id is None else organ_id in reached)


def demand(actor: Actor, action: str, organ_id: int | None = None) -> None:
    """Refuses, in words, what the table does not grant."""
    if may(actor, action, organ_id):
        return
    word = ACTIONS[action]
    if organ_id is not None and may(actor, action):
        raise Refused(
            f"您可以在本单位{word}，但这一条属于别的单位", fix="请由该单位的人员办理", clause=CLAUSE, code="forbidden"
        )
    holders = "、".join(role.title for name, role in ROLES.items() if (name, action) in TABLE)
    raise Refused(
        f"您的账号没有“{word}”的权限",
        fix=f"这件事由{holders}办理；确需办理的，请安全管理员授权",
        clause=CLAUSE,
        code="forbidden",
    )


def network_address(remote: str, forwarded: str) -> str:
    """Where a request came from: behind a proxy on this machine the address that proxy names last, else the other end of the line."""
    named = forwarded.rpartition(",")[2].strip()
    return named if named and remote in ("127.0.0.1", "::1", "") else remote


def roles_reaching(actor: Actor, action: str, organ_ids: Collection[int]) -> frozenset[str]:
    """The actor's roles by which the action reaches one of these organs: what each of them may see there is asked of the roles."""
    own = bool(actor.scope.intersection(organ_ids))
    return frozenset(
        role for role in actor.roles if (reach := TABLE.get((role, action))) == _ALL or (reach == _OWN and own)
    )


def demand_reader(actor: Actor, readers: Collection[str], what: str) -> None:
    """Refuses whoever holds none of the roles that the pack lets read a closed kind of record."""
    if not actor.roles.intersection(readers):
        holders = "、".join(role.title for name, role in ROLES.items() if name in readers)
        raise Refused(
            f"{what}不公开，您的账号不能经办",
            fix=f"这类记录由{holders}经办；要查阅的，请到档案里写明目的再看",
            clause=CLAUSE,
            code="forbidden",
        )


def check_purpose(purpose: str) -> str:
    """The purpose without blanks around it; refuses a reading that says none."""
    words = purpose.strip()
    if len(words) < SHORTEST_PURPOSE:
        fix = "请写明为什么要看，例如“任前考察核对诚信情况”；谁、何时、为什么看，都会记下来，本人看得到"
        raise Refused("没有写查阅的目的", fix=fix, clause=PURPOSE_CLAUSE, field="purpose", code="purpose")
    return words[:200]


def fold_username(text: str) -> str:
    """The user name as it is kept: full-width letters, capitals and blanks that an input method adds make no difference."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return "".join(letter for letter in plain if letter.isprintable())[:150]


def check_account(username: str, name: str) -> tuple[str, str]:
    """The user name as it is kept and the person's name without blanks around it; refuses one that cannot be typed or read."""
    username, name = fold_username(username), name.strip()
    if not _USERNAME.fullmatch(username):
        raise Refused("用户名要用3到30位字母、数字、点或短横，以字母开头", fix="例如 scjg.zhang", field="username")
    if not name or len(name) > 60:
        raise Refused("没有填姓名，或者姓名太长", fix="请填使用人的真实姓名，一人一号", field="name")
    return username, name


def check_key(name: str, roles: frozenset[str]) -> None:
    """Refuses a key without a name or a role, or with a role that only a person may hold."""
    if not name.strip() or len(name.strip()) > 100:
        raise Refused("没有填密钥的用途，或者太长", fix="请写明哪个系统用它，例如“市场监管局处罚系统”", field="name")
    if not roles or roles - KEY_ROLES:
        words = "、".join(ROLES[role].title for role in sorted(KEY_ROLES))
        raise Refused(f"接口密钥只能是{words}：审核发布要由人来做", fix=f"请在{words}中选", field="roles")


def check_grant(role: str, *, held: Iterable[str], to_self: bool, has_organ: bool) -> None:
    """Refuses a grant that would join what must be apart (三员分立), that a person gives to oneself, or that has no organ."""
    if role not in ROLES:
        raise Refused(
            f"没有“{role}”这个角色", fix=f"可授的角色：{'、'.join(each.title for each in ROLES.values())}", field="role"
        )
    if to_self:
        raise Refused("不能给自己授权", fix="请另一位安全管理员办理", clause=CLAUSE, field="role")
    new = ROLES[role]
    for name in held:
        other = ROLES[name]
        if name == role:
            raise Refused(f"已经是{new.title}", fix="不必再授", field="role")
        if new.group == other.group == "administrator":
            raise Refused(
                f"{other.title}不能兼任{new.title}：三员要分立",
                fix="请把这个角色授给另一个人",
                clause=CLAUSE,
                field="role",
            )
        if new.group != other.group:
            raise Refused(
                f"{other.title}不能兼任{new.title}：管理、审计与业务要分开",
                fix="请把这个角色授给另一个人，或者先终止原来的角色",
                clause=CLAUSE,
                field="role",
            )
    if REACH[role] == _OWN and not has_organ:
        raise Refused(f"{new.title}要有所属单位", fix="请先给账号选定单位", field="organ")
