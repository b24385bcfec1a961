"""Writing reports: the draft, its signing, what the lead office does with it, and the consolidated report."""

from jiannuo.assessment.actions.collecting import accept, remind, send_back
from jiannuo.assessment.actions.drafting import Saved, hand_back, offer, save
from jiannuo.assessment.actions.sending import send_up
from jiannuo.assessment.actions.signing import sign

__all__ = ["Saved", "accept", "hand_back", "offer", "remind", "save", "send_back", "send_up", "sign"]
