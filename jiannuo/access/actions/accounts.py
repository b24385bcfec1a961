"""Write who may: accounts, roles, keys, and the trace. Every change here demands its right and notes itself."""

import hashlib
import secrets
from datetime import date, datetime

from axes.utils import reset as unlock
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from jiannuo.access import rules
from jiannuo.access.models import ApiKey, Grant, Trace, User
from jiannuo.access.rules import Actor
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def note(
    actor: Actor | str,
    *,
    action: str,
    object: str,  # noqa: A002 - what was done or read, named as its column
    at: datetime,
    organ_id: int | None = None,
    detail: str = "",
    purpose: str = "",
    address: str = "",
) -> None:
    """Adds to the trace who did or read what; a name stands for someone who is not signed in."""
    named = actor if isinstance(actor, str) else actor.username
    if organ_id is None and isinstance(actor, Actor):
        organ_id = actor.organ_id
    Trace.objects.create(
        at=at,
        username=named[:150],
        organ_id=organ_id,
        action=action,
        object=object[:200],
        detail=detail,
        purpose=purpose[:200],
        address=address[:45],
    )


# -- accounts ------------------------------------------------------------------------------------------------


@transaction.atomic
def create_account(
    *, by: Actor, username: str, name: str, organ_id: int | None, at: datetime, password: str = ""
) -> tuple[int, str]:
    """A new account with no role yet; returns its id and a first password, shown once, that must be changed.

    A password given by hand is for the demonstration alone and need not be changed.
    """
    rules.demand(by, "accounts.manage")
    username, name = rules.check_account(username, name)
    user = User(username=username, name=name, organ_id=organ_id, created_at=at, must_change_password=not password)
    first = password or random_password()
    user.set_password(first)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as taken:
        message = f"用户名{username}已经用过了，注销的用户名也不再用"
        raise Refused(message, fix="请换一个用户名", field="username") from taken
    note(
        by, action="account.create", object=f"account:{user.pk}", at=at, organ_id=organ_id, detail=f"{username} {name}"
    )
    return user.pk, first


def random_password() -> str:
    """A password nobody chose: 80 bits in letters that are not mistaken for one another."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def close_account(*, by: Actor, user_id: int, at: datetime) -> None:
    """The account can no longer be used and its roles end; what it did stays under its name."""
    rules.demand(by, "accounts.manage")
    user = _open(user_id)
    if user.pk == by.user_id:
        raise Refused("不能注销自己的账号", fix="请另一位系统管理员办理", clause=rules.CLAUSE)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    day = at.date()
    Grant.objects.filter(Q(until=None) | Q(until__gt=day), user=user).update(until=day, ended_by=by.username)
    note(by, action="account.close", object=f"account:{user.pk}", at=at, organ_id=user.organ_id, detail=user.username)


@transaction.atomic
def move_account(*, by: Actor, user_id: int, organ_id: int, at: datetime) -> None:
    """The person works for another organ from now on; the roles held at the old one end."""
    rules.demand(by, "accounts.manage")
    user = _open(user_id)
    if user.pk == by.user_id:
        raise Refused("不能调换自己的单位", fix="请另一位系统管理员办理", clause=rules.CLAUSE)
    before, user.organ_id = user.organ_id, organ_id
    user.save(update_fields=["organ"])
    day = at.date()
    Grant.objects.filter(Q(until=None) | Q(until__gt=day), user=user).update(until=day, ended_by=by.username)
    note(
        by,
        action="account.move",
        object=f"account:{user.pk}",
        at=at,
        organ_id=organ_id,
        detail=f"{before} → {organ_id}",
    )


@transaction.atomic
def link_official(*, by: Actor, user_id: int, code: str, at: datetime) -> None:
    """The account is the one of an official from now on, or of none where the code is empty; one official has one open account."""
    rules.demand(by, "accounts.manage")
    user = _open(user_id)
    code = code.strip()
    if user.pk == by.user_id:
        raise Refused("不能给自己的账号登记公务员编号", fix="请另一位系统管理员办理", clause=rules.CLAUSE)
    if code:
        official = subjects.official(code)
        if official is None:
            raise Refused(f"人员名录里没有编号{code}", fix="请先由组织人事登记任职，或者核对编号", field="official")
        if official.name != user.name:
            raise Refused(
                f"编号{code}登记的是{official.name}，账号登记的是{user.name}",
                fix="请核对编号；一人一号，姓名要一致",
                field="official",
            )
    before, user.official = user.official, code
    try:
        with transaction.atomic():
            user.save(update_fields=["official"])
    except IntegrityError as taken:
        other = User.objects.filter(official=code, is_active=True).exclude(pk=user.pk).first()
        raise Refused(
            f"编号{code}已经登记在账号{other.username if other else ''}上",
            fix="一名公务员只有一个在用的账号；换了账号的，先注销旧的",
            field="official",
            code="taken",
        ) from taken
    note(
        by,
        action="account.official",
        object=f"account:{user.pk}",
        at=at,
        organ_id=user.organ_id,
        detail=f"{user.username} {before or '无'} → {code or '无'}",
    )


@transaction.atomic
def reset_password(*, by: Actor, user_id: int, at: datetime) -> str:
    """A new first password, shown once, that must be changed; sessions end and a lock is lifted."""
    rules.demand(by, "accounts.manage")
    user = _open(user_id)
    first = random_password()
    user.set_password(first)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(username=user.username)
    note(by, action="password.reset", object=f"account:{user.pk}", at=at, organ_id=user.organ_id, detail=user.username)
    return first


@transaction.atomic
def change_password(*, by: Actor, old: str, new: str, at: datetime, address: str = "") -> None:
    """One's own password, by one who knows the old one; other sessions end."""
    user = _open(by.user_id or 0)
    if not user.check_password(old):
        raise Refused("原口令不对", fix="请重新输入；忘了原口令，请系统管理员重置", field="old")
    if old == new:
        raise Refused("新口令与原口令相同", fix="请换一个", field="new")
    try:
        validate_password(new, user)
    except ValidationError as wrong:
        raise Refused("".join(wrong.messages), fix="请换一个长一些、别人猜不到的口令", field="new") from wrong
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    note(by, action="password.change", object=f"account:{user.pk}", at=at, address=address)


def _open(user_id: int) -> User:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Refused("账号不存在或者已经注销", fix="请在账号列表里核对", field="user")
    return user


# -- roles ---------------------------------------------------------------------------------------------------


@transaction.atomic
def grant(*, by: Actor, user_id: int, role: str, on: date, at: datetime) -> int:
    """Gives a role from a day on; returns the id of the grant."""
    rules.demand(by, "roles.grant")
    # The lock on the account keeps two administrators from joining at once what must be apart.
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Refused("账号不存在或者已经注销", fix="请在账号列表里核对", field="user")
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=on), user=user).values_list("role", flat=True)
    rules.check_grant(role, held=held, to_self=user.pk == by.user_id, has_organ=user.organ_id is not None)
    given = Grant.objects.create(user=user, role=role, since=on, granted_by=by.username)
    title = rules.ROLES[role].title
    note(
        by,
        action="role.grant",
        object=f"account:{user.pk}",
        at=at,
        organ_id=user.organ_id,
        detail=f"{user.username} {title}",
    )
    return given.pk


@transaction.atomic
def end_grant(*, by: Actor, grant_id: int, on: date, at: datetime) -> None:
    """Takes a role away from a day on; the same day it no longer counts."""
    rules.demand(by, "roles.grant")
    given = Grant.objects.select_related("user").filter(pk=grant_id, until=None).first()
    if given is None:
        raise Refused("这项授权不存在或者已经终止", fix="请在账号页面核对", field="grant")
    if given.user_id == by.user_id:
        raise Refused("不能终止自己的角色", fix="请另一位安全管理员办理", clause=rules.CLAUSE, field="grant")
    given.until, given.ended_by = max(on, given.since), by.username
    given.save(update_fields=["until", "ended_by"])
    detail = f"{given.user.username} {rules.ROLES[given.role].title}"
    note(by, action="role.end", object=f"account:{given.user_id}", at=at, organ_id=given.user.organ_id, detail=detail)


# -- keys of machines ----------------------------------------------------------------------------------------


@transaction.atomic
def create_key(
    *, by: Actor, name: str, organ_id: int, roles: frozenset[str], on: date, at: datetime, until: date | None = None
) -> tuple[int, str]:
    """A machine's key for one organ; returns its id and the key, shown once: only its digest is kept."""
    rules.demand(by, "keys.manage")
    rules.check_key(name, roles)
    text = rules.KEY_PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        organ_id=organ_id,
        name=name.strip(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        roles=" ".join(sorted(roles)),
        since=on,
        until=until,
        created_by=by.username,
    )
    note(by, action="key.create", object=f"key:{key.pk}", at=at, organ_id=organ_id, detail=f"{key.name} {key.roles}")
    return key.pk, text


@transaction.atomic
def end_key(*, by: Actor, key_id: int, on: date, at: datetime) -> None:
    """The key opens nothing from a day on; the same day it no longer counts."""
    rules.demand(by, "keys.manage")
    key = ApiKey.objects.filter(Q(until=None) | Q(until__gt=on), pk=key_id).first()
    if key is None:
        raise Refused("密钥不存在或者已经终止", fix="请在密钥列表里核对", field="key")
    key.until = on
    key.save(update_fields=["until"])
    note(by, action="key.end", object=f"key:{key.pk}", at=at, organ_id=key.organ_id, detail=key.name)
