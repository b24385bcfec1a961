"""The one way duties are opened, moved, kept and lifted."""

from jiannuo.duties.actions.following import follow
from jiannuo.duties.actions.opening import Owed, Terms, keep, lift, open_for, staged

__all__ = ["Owed", "Terms", "follow", "keep", "lift", "open_for", "staged"]
