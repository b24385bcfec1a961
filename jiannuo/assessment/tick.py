"""What assessment does as days pass. It may run twice, late, or in two places."""

from jiannuo.assessment import actions


def run() -> int:
    """Count what has come since the last time, all of it, and say how many cases that were."""
    several = 0
    while some := actions.follow():
        several += some
    return several
