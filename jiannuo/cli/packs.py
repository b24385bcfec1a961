"""Commands on rules: check, compare and explain packs, count a time limit, check a code."""

from argparse import Namespace

from jiannuo.cli.answers import DONE, REFUSED, Answer
from jiannuo.kernel import clock
from jiannuo.kernel.identifiers import CHECKS
from jiannuo.policy import check as checking
from jiannuo.policy import diff as comparing
from jiannuo.policy import explain as explaining
from jiannuo.policy import pack as policy

LEVELS = {"error": "错误", "warning": "提醒"}


def check(args: Namespace) -> Answer:
    pack = policy.load(args.folder) if args.folder else policy.current()
    found = checking.problems(pack, as_of=clock.today())
    errors = sum(one.level == "error" for one in found)
    lines = [f"{LEVELS[one.level]}　{one}" for one in found]
    lines.append(
        f"策略包 {pack.id}：{errors} 个错误，{len(found) - errors} 个提醒" if found else f"策略包 {pack.id}：没有问题"
    )
    problems = [
        {"file": one.file, "line": one.line, "entry": one.entry, "message": one.message, "fix": one.fix, "level": one.level}
        for one in found
    ]  # fmt: skip
    return Answer({"pack": pack.id, "problems": problems}, lines, REFUSED if errors else DONE)


def diff(args: Namespace) -> Answer:
    before, after = policy.load(args.before), policy.load(args.after)
    changes = comparing.diff(before, after)
    data = [{"subject": one.subject, "entry": one.entry, "text": one.text} for one in changes]
    lines = [str(one) for one in changes] or ["没有不同"]
    return Answer({"before": before.id, "after": after.id, "changes": data}, lines)


def explain(args: Namespace) -> Answer:
    found = explaining.explain(policy.current(), args.rule, args.on or clock.today())
    data = {
        "rule": found.ref,
        "title": found.title,
        "says": found.says,
        "history": list(found.history),
        "clauses": list(found.clauses),
        "source": found.source,
        "assumed": found.assumed,
        "file": found.file,
        "line": found.line,
        "cases": list(found.cases),
    }
    return Answer(data, str(found).splitlines())


def validate(args: Namespace) -> Answer:
    verdict = CHECKS[args.what](args.value)
    words = {"ok": "有效", "warning": "可以用，但请核对", "error": "无效"}[verdict.level]
    data = {
        "valid": verdict.level != "error",
        "level": verdict.level,
        "reason": verdict.reason,
        "value": verdict.value,
    }
    line = f"{words}：{verdict.reason}" if verdict.reason else words
    return Answer(data, [line], REFUSED if verdict.level == "error" else DONE)
