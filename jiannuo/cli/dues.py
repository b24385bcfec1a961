"""The command that counts a time limit."""

from argparse import Namespace

from jiannuo.cli.answers import Answer
from jiannuo.duties import queries as duties


def due(args: Namespace) -> Answer:
    found = duties.explain(args.rule, started_on=args.start)
    return Answer(found.as_dict(), [f"到期日：{found.due_on}" + ("（暂定）" if found.provisional else ""), found.words])
