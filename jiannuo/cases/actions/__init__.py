"""What is done with cases: opened, taken a step further."""

from jiannuo.cases.actions.opening import Opened, follow_record, open_case
from jiannuo.cases.actions.reading import Paper, Reading, read, read_paper
from jiannuo.cases.actions.rebuilding import rebuild
from jiannuo.cases.actions.taking import take
from jiannuo.cases.actions.writing import Given

__all__ = ["Given", "Opened", "Paper", "Reading", "follow_record", "open_case", "read", "read_paper", "rebuild", "take"]
