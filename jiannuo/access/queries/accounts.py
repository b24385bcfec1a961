"""Read who may: the actor behind a session or a key, the accounts, and the trace of what was done and read."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from msgspec import Struct

from jiannuo.access import rules
from jiannuo.access.models import ApiKey, Grant, Trace, User
from jiannuo.access.rules import Actor
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects

ROLES = "SELECT role FROM access_grant WHERE user_id = %s AND since <= %s AND (until IS NULL OR until > %s)"
"""In words of SQL, because every page of the desk asks it."""


def actor_of(user: Any, *, on: date | None = None) -> Actor | None:
    """The actor a signed-in user is on a day; nothing for a visitor or a closed account."""
    if not isinstance(user, User) or not user.is_active:
        return None
    day = on or clock.today()
    with connection.cursor() as cursor:
        cursor.execute(ROLES, [user.pk, day, day])
        roles = frozenset(role for (role,) in cursor.fetchall())
    name, line = _organ(user.organ_id, day)
    return Actor(
        user.pk,
        user.username,
        user.name,
        user.organ_id,
        name,
        roles,
        line,
        must_change_password=user.must_change_password,
        official=user.official,
    )


def actor_of_key(text: str, now: datetime) -> Actor | None:
    """The actor a machine's key stands for; nothing where the key is unknown or has ended."""
    if not text.startswith(rules.KEY_PREFIX):
        return None
    digest = hashlib.sha256(text.encode()).hexdigest()
    key = _in_force(ApiKey.objects.filter(digest=digest), now.date()).first()
    if key is None:
        return None
    name, line = _organ(key.organ_id, now.date())
    return Actor(None, f"key:{key.pk}", key.name, key.organ_id, name, frozenset(key.roles.split()), line)


def _in_force(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    return rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


def _organ(organ_id: int | None, on: date) -> tuple[str, frozenset[int]]:
    if organ_id is None:
        return "", frozenset()
    directory = subjects.directory(on)
    return directory.card(organ_id).short, directory.line(organ_id)


class GrantCard(Struct, frozen=True):
    """A role held from a day until a day."""

    id: int
    role: str
    title: str
    since: date
    until: date | None
    granted_by: str
    ended_by: str


class AccountCard(Struct, frozen=True):
    """A person's account with the roles held this day."""

    id: int
    username: str
    name: str
    organ_id: int | None
    is_active: bool
    must_change_password: bool
    created_at: datetime
    last_login: datetime | None
    grants: tuple[GrantCard, ...]
    official: str = ""
    """The code of the official whose account it is."""

    @property
    def role_titles(self) -> tuple[str, ...]:
        """The roles in the words people know them by."""
        return tuple(grant.title for grant in self.grants)


def accounts(
    *, on: date, organ_ids: frozenset[int] | None = None, text: str = "", role: str = "", with_closed: bool = True
) -> tuple[AccountCard, ...]:
    """The accounts, open ones first, by user name."""
    users = User.objects.order_by("-is_active", "username")
    if organ_ids is not None:
        users = users.filter(organ__in=organ_ids)
    if text:
        users = users.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if not with_closed:
        users = users.filter(is_active=True)
    held: dict[int, list[GrantCard]] = {}
    for grant in _in_force(Grant.objects.order_by("id"), on):
        held.setdefault(grant.user_id, []).append(_grant(grant))
    cards = (_account(user, tuple(held.get(user.pk, ()))) for user in users)
    return tuple(card for card in cards if not role or any(grant.role == role for grant in card.grants))


def account(user_id: int) -> AccountCard | None:
    """One account with every role it ever held."""
    user = User.objects.filter(pk=user_id).first()
    return _account(user, tuple(_grant(grant) for grant in user.grants.order_by("id"))) if user else None


def _account(user: User, grants: tuple[GrantCard, ...]) -> AccountCard:
    return AccountCard(
        user.pk,
        user.username,
        user.name,
        user.organ_id,
        user.is_active,
        user.must_change_password,
        user.created_at,
        user.last_login,
        grants,
        user.official,
    )


def usernames_of_officials(codes: Iterable[str]) -> dict[str, str]:
    """The user name of each official's open account, by the official's code; those without one are left out."""
    rows = User.objects.filter(official__in=[code for code in codes if code], is_active=True)
    return dict(rows.values_list("official", "username"))


def names(usernames: Collection[str]) -> dict[str, str]:
    """The name on each of these accounts, closed ones too, by user name."""
    found = User.objects.filter(username__in=list(usernames)) if usernames else User.objects.none()
    return dict(found.values_list("username", "name"))


def _grant(grant: Grant) -> GrantCard:
    title = rules.ROLES[grant.role].title
    return GrantCard(grant.pk, grant.role, title, grant.since, grant.until, grant.granted_by, grant.ended_by)


class KeyCard(Struct, frozen=True):
    """A machine's key; the key itself is nowhere."""

    id: int
    name: str
    organ_id: int
    roles: tuple[str, ...]
    since: date
    until: date | None
    created_by: str


def api_keys() -> tuple[KeyCard, ...]:
    """All keys ever made, newest first."""
    return tuple(
        KeyCard(key.pk, key.name, key.organ_id, tuple(key.roles.split()), key.since, key.until, key.created_by)
        for key in ApiKey.objects.order_by("-id")
    )


class TraceCard(Struct, frozen=True):
    """Who did or read what, when and why."""

    id: int
    at: datetime
    username: str
    organ_id: int | None
    action: str
    object: str
    detail: str
    purpose: str
    address: str

    @property
    def action_title(self) -> str:
        """The action in the words people know it by."""
        return rules.TRACED.get(self.action) or rules.ACTIONS.get(self.action, self.action)


def traces(
    *,
    organ_ids: frozenset[int] | None = None,
    username: str = "",
    action: str = "",
    object: str = "",  # noqa: A002 - the column's own name, given by keyword
    first: datetime | None = None,
    last: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[TraceCard, ...]:
    """The trace, newest first; `before` an id gives the next page."""
    where = Q()
    if organ_ids is not None:
        where &= Q(organ__in=organ_ids)
    for name, value in (("username", username), ("action", action), ("object", object)):
        if value:
            where &= Q(**{name: value})
    if first:
        where &= Q(at__gte=first)
    if last:
        where &= Q(at__lt=last)
    if before:
        where &= Q(pk__lt=before)
    names = ("id", "at", "username", "organ_id", "action", "object", "detail", "purpose", "address")
    return tuple(TraceCard(*row) for row in Trace.objects.filter(where).order_by("-id").values_list(*names)[:limit])


def actors(on: date) -> list[Actor]:
    """Everybody with an open account and a role this day, as the actor they are."""
    return [
        Actor(
            card.id,
            card.username,
            card.name,
            card.organ_id,
            directory.card(card.organ_id).short if card.organ_id else "",
            frozenset(grant.role for grant in card.grants),
            directory.line(card.organ_id) if card.organ_id else frozenset(),
        )
        for directory in [subjects.directory(on)]
        for card in accounts(on=on, with_closed=False)
        if card.grants
    ]
