"""Writing reports (the draft, its signing, what the lead office does with it, the consolidated one), and keeping counts of services."""

from jiannuo.assessment.actions.collecting import accept, remind, send_back
from jiannuo.assessment.actions.drafting import Saved, hand_back, offer, save
from jiannuo.assessment.actions.sending import send_up
from jiannuo.assessment.actions.services import follow, recount
from jiannuo.assessment.actions.signing import sign

__all__ = [
    "Saved",
    "accept",
    "follow",
    "hand_back",
    "offer",
    "recount",
    "remind",
    "save",
    "send_back",
    "send_up",
    "sign",
]
