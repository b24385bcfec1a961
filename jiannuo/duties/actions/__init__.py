"""The one way duties are opened, moved, kept and lifted, and promises are acted on."""

from jiannuo.duties.actions.acted import due_again
from jiannuo.duties.actions.calling import call
from jiannuo.duties.actions.following import follow
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

__all__ = [
    "PUBLIC",
    "Answer",
    "Authority",
    "EvidenceFile",
    "Owed",
    "Terms",
    "Upload",
    "amend",
    "call",
    "confirm",
    "due_again",
    "exempt",
    "follow",
    "keep",
    "lift",
    "open_for",
    "read_answers",
    "read_evidence",
    "reopen",
    "respond",
    "resume",
    "send_back",
    "staged",
    "submit",
    "suspend",
]
