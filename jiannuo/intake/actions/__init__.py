"""The front door for rows coming in: receive them, then work through what was received."""

from jiannuo.intake.actions.processing import process, process_waiting
from jiannuo.intake.actions.receiving import receive, receive_rows
from jiannuo.intake.actions.registering import Registered, register_offices

__all__ = ["Registered", "process", "process_waiting", "receive", "receive_rows", "register_offices"]
