"""The one way duties are opened, moved, kept and lifted, and promises are acted on."""

from jiannuo.duties.actions.acted import due_again
from jiannuo.duties.actions.calling import call
from jiannuo.duties.actions.crediting import acknowledge
from jiannuo.duties.actions.following import catch_up, follow
from jiannuo.duties.actions.inviting import Link, answer, digest_of, invite, may_invite
from jiannuo.duties.actions.opening import Owed, Terms, keep, lift, open_for, staged
from jiannuo.duties.actions.performing import (
    PUBLIC,
    Authority,
    Upload,
    amend,
    confirm,
    exempt,
    reopen,
    respond,
    resume,
    send_back,
    submit,
    suspend,
)
from jiannuo.duties.actions.reading import Answer, EvidenceFile, read_answers, read_evidence
from jiannuo.duties.actions.saying import speak

__all__ = [
    "PUBLIC",
    "Answer",
    "Authority",
    "EvidenceFile",
    "Link",
    "Owed",
    "Terms",
    "Upload",
    "acknowledge",
    "amend",
    "answer",
    "call",
    "catch_up",
    "confirm",
    "digest_of",
    "due_again",
    "exempt",
    "follow",
    "invite",
    "keep",
    "lift",
    "may_invite",
    "open_for",
    "read_answers",
    "read_evidence",
    "reopen",
    "respond",
    "resume",
    "send_back",
    "speak",
    "staged",
    "submit",
    "suspend",
]
