"""What is done with cases: opened, taken a step further."""

from jiannuo.cases.actions.answering import AnswerCard, answers, answers_of
from jiannuo.cases.actions.asking import asked_at_opening
from jiannuo.cases.actions.cleaning import cleaned
from jiannuo.cases.actions.filling import case_of
from jiannuo.cases.actions.gathering import Holding, Paper, held_openly, list_of, papers_of
from jiannuo.cases.actions.holding import Followed, Line, acknowledge, follow, go_on, own_file
from jiannuo.cases.actions.keeping import Promised, kept, promised
from jiannuo.cases.actions.opening import ANONYMOUS, Opened, follow_record, may_register, open_case
from jiannuo.cases.actions.reading import Reading, read, read_paper
from jiannuo.cases.actions.rebuilding import rebuild
from jiannuo.cases.actions.reckoning import Reckoned, reckoned
from jiannuo.cases.actions.revealing import Reporter, Standing, Way, reveal, standing
from jiannuo.cases.actions.taking import take, take_each
from jiannuo.cases.actions.writing import Answer, Given, carry_over

__all__ = [
    "ANONYMOUS",
    "Answer",
    "AnswerCard",
    "Followed",
    "Given",
    "Holding",
    "Line",
    "Opened",
    "Paper",
    "Promised",
    "Reading",
    "Reckoned",
    "Reporter",
    "Standing",
    "Way",
    "acknowledge",
    "answers",
    "answers_of",
    "asked_at_opening",
    "carry_over",
    "case_of",
    "cleaned",
    "follow",
    "follow_record",
    "go_on",
    "held_openly",
    "kept",
    "list_of",
    "may_register",
    "open_case",
    "own_file",
    "papers_of",
    "promised",
    "read",
    "read_paper",
    "rebuild",
    "reckoned",
    "reveal",
    "standing",
    "take",
    "take_each",
]
