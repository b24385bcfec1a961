"""The front door for rows coming in: receive them, then work through what was received."""

from jiannuo.intake.actions.processing import process, process_waiting
from jiannuo.intake.actions.receiving import receive, receive_rows

__all__ = ["process", "process_waiting", "receive", "receive_rows"]
