"""What is done with cases: opened, taken a step further."""

from jiannuo.cases.actions.answering import AnswerCard, answers, answers_of
from jiannuo.cases.actions.cleaning import cleaned
from jiannuo.cases.actions.holding import Followed, Line, follow, go_on, own_file
from jiannuo.cases.actions.opening import ANONYMOUS, Opened, follow_record, may_register, open_case
from jiannuo.cases.actions.reading import Paper, Reading, read, read_paper
from jiannuo.cases.actions.rebuilding import rebuild
from jiannuo.cases.actions.revealing import Reporter, Standing, Way, reveal, standing
from jiannuo.cases.actions.taking import take
from jiannuo.cases.actions.writing import Answer, Given

__all__ = [
    "ANONYMOUS",
    "Answer",
    "AnswerCard",
    "Followed",
    "Given",
    "Line",
    "Opened",
    "Paper",
    "Reading",
    "Reporter",
    "Standing",
    "Way",
    "answers",
    "answers_of",
    "cleaned",
    "follow",
    "follow_record",
    "go_on",
    "may_register",
    "open_case",
    "own_file",
    "read",
    "read_paper",
    "rebuild",
    "reveal",
    "standing",
    "take",
]
