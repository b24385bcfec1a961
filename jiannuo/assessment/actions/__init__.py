"""Keeping figures in step with the ledger."""

from jiannuo.assessment.actions.services import follow, recount

__all__ = ["follow", "recount"]
