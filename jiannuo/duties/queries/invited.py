"""Links for the people something was promised to: what one is for, how many there are, and how many were used."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count
from msgspec import Struct

from jiannuo.duties.models import Invitation
from jiannuo.policy import pack as policy

BENEFICIARY = "beneficiary"
"""The author of an answer that came by a link."""
SATISFACTION = "satisfaction"
OUTCOME: Mapping[str, str] = {"agreed": "属实，办成了", "disputed": "不属实"}
SATISFIED: Mapping[str, str] = {"satisfied": "满意", "nearly": "基本满意", "unsatisfied": "不满意"}


class InvitationCard(Struct, frozen=True):
    """A link as the page it leads to knows it: never for whom it was made."""

    duty_id: int
    entry_id: int
    purpose: str
    is_used: bool

    @property
    def choices(self) -> Mapping[str, str]:
        """What may be answered."""
        return SATISFIED if self.purpose == SATISFACTION else OUTCOME


class Made(Struct, frozen=True):
    """Links made at one time: how many, by whom, and how many of them were used."""

    made_at: datetime
    made_by: str
    count: int
    used: int


def purpose_of(duty_kind: str) -> str:
    """What a link for a duty of a kind asks: of a suggestion how well it was answered, of the rest whether it was done."""
    return SATISFACTION if policy.current().duties[duty_kind].family == "suggestion" else "outcome"


def context(digest: bytes) -> str:
    """What the sealed name is bound to."""
    return f"invitation:{digest.hex()}"


def invitation(digest: bytes) -> InvitationCard | None:
    """The link of that digest, if there is one."""
    row = Invitation.objects.filter(token=digest).select_related("duty").first()
    if row is None:
        return None
    return InvitationCard(row.duty_id, row.duty.entry_id, row.purpose, row.used_at is not None)


def made_for(duty_id: int) -> list[Made]:
    """The links made for a promise, the newest first."""
    rows = Invitation.objects.filter(duty=duty_id).values_list("made_at", "made_by").order_by("-made_at")
    return [Made(*row) for row in rows.annotate(several=Count("pk"), used=Count("used_at"))]
