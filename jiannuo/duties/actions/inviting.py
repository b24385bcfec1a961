"""Links for the people something was promised to: made for one person each, good for one answer, of which only a digest is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import CLAUSE, Actor, may
from jiannuo.duties.actions.performing import respond
from jiannuo.duties.models import Duty, Invitation
from jiannuo.duties.queries.invited import BENEFICIARY, OUTCOME, SATISFACTION, SATISFIED, context, purpose_of
from jiannuo.kernel import sealing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import queries as subjects

MOST = 500
LONGEST_NAME = 60


class Link(Struct, frozen=True):
    """A link just made: for whom, and the secret part of its address, told once and kept nowhere."""

    name: str
    token: str


def invite(*, duty_id: int, names: Sequence[str], actor: Actor, on: date, at: datetime) -> tuple[Link, ...]:
    """One link for each person named. Made by the debtor's people or the confirming organ's, and traced."""
    wanted = [name.strip() for name in names if name.strip()]
    with transaction.atomic():
        duty = Duty.objects.select_for_update().filter(pk=duty_id, confirmer__isnull=False).first()
        if duty is None:
            raise Refused("没有这项承诺", fix="请从列表进入", code="not_found")
        _may_invite(duty, actor, on)
        _check_names(wanted)
        known = {name for name, _ in _names(duty_id)}
        if again := [name for name in wanted if name in known]:
            fix = "同名的两个人请写出区别，例如“张三（柳溪村3组）”；链接丢了的，写“张三（补）”"
            raise Refused(f"“{again[0]}”已经有链接了", fix=fix, field="names", code="twice")
        key, purpose = ledger.ring()[0], purpose_of(duty.kind)
        links = [Link(name, secrets.token_urlsafe(18)) for name in wanted]
        Invitation.objects.bulk_create(
            Invitation(
                token=(digest := digest_of(link.token)),
                duty=duty,
                purpose=purpose,
                name=sealing.seal(key, link.name.encode(), context=context(digest)),
                made_by=actor.username,
                made_at=at,
            )
            for link in links
        )
        access.note(
            actor,
            action="duties.invite",
            object=f"duty:{duty_id}",
            at=at,
            organ_id=duty.debtor_id,
            detail=f"{len(links)}个",
        )
    return tuple(links)


def may_invite(*, duty_id: int, actor: Actor, on: date) -> None:
    """Refuses everybody but the people of the organ that owes it and of the one that confirms it."""
    _may_invite(Duty.objects.get(pk=duty_id), actor, on)


def _may_invite(duty: Duty, actor: Actor, on: date) -> None:
    directory = subjects.directory(on)
    debtor, to = directory.heir(duty.debtor_id), directory.heir(duty.confirmer_id or duty.debtor_id)
    owes = may(actor, "duties.perform", debtor.id)
    if owes and purpose_of(duty.kind) == SATISFACTION:
        fix = f"请由{to.short}做链接发给提出人；承办单位自己做链接，谁点的满意就说不清了"
        raise Refused("承办单位不能做评价满意不满意的链接", fix=fix, clause=CLAUSE, code="forbidden")
    confirms = may(actor, "duties.confirm", to.id) and to.id in actor.scope
    if not (owes or confirms):
        fix = f"请由{debtor.short}或者{to.short}的人员办理"
        raise Refused("您的账号不能为这一项做答复链接", fix=fix, clause=CLAUSE, code="forbidden")


def _check_names(names: Sequence[str]) -> None:
    if not names:
        raise Refused("没有写给谁", fix="请一行写一个人，写姓名或者门牌都行", field="names", code="names")
    if len(names) > MOST:
        raise Refused(f"一次写了{len(names)}个人", fix=f"一次最多{MOST}个，请分几次做", field="names", code="names")
    if long := next((name for name in names if len(name) > LONGEST_NAME), ""):
        fix = f"一行只写一个人，{LONGEST_NAME}个字以内"
        raise Refused(f"“{long[:20]}…”太长", fix=fix, field="names", code="names")
    seen: set[str] = set()
    for name in names:
        if name in seen:
            fix = "同名的两个人请写出区别，例如“张三（柳溪村3组）”"
            raise Refused(f"“{name}”写了两遍", fix=fix, field="names", code="twice")
        seen.add(name)


def _names(duty_id: int) -> list[tuple[str, datetime]]:
    ring = ledger.ring()
    rows = Invitation.objects.filter(duty=duty_id).values_list("token", "name", "made_at")
    return [
        (sealing.unseal(ring, bytes(name), context=context(bytes(token))).decode(), made_at)
        for token, name, made_at in rows
    ]


def answer(*, token: str, said: str, words: str, on: date, at: datetime) -> int:
    """The one answer of the person a link was made for. Refuses a link that is used or was never made."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update().filter(token=digest_of(token)).first()
        if row is None:
            fix = "请照纸上或者短信里的地址重新输入；还打不开的，请联系给您链接的单位"
            raise Refused("没有这个链接", fix=fix, code="not_found")
        if row.used_at is not None:
            fix = "一个链接只能答一次；要改主意的，请联系给您链接的单位重新要一个"
            raise Refused("这个链接已经用过了", fix=fix, code="used")
        choices = dict(SATISFIED if row.purpose == SATISFACTION else OUTCOME)
        if said not in choices:
            raise Refused("没有选", fix=f"请在{'、'.join(choices.values())}里选一个", field="said", code="said")
        agreed = said not in ("disputed", "unsatisfied")
        satisfaction = choices[said] if row.purpose == SATISFACTION else ""
        number = respond(
            row.duty_id, agreed=agreed, words=words, author=BENEFICIARY, on=on, at=at, satisfaction=satisfaction
        )
        row.used_at, row.answer_id = at, number
        row.save(update_fields=["used_at", "answer"])
    return number


def digest_of(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).digest()
