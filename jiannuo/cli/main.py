"""The command `jiannuo`: find the command, start Django where it is needed, answer in words or in JSON."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from jiannuo.cli import arguments
from jiannuo.cli.answers import REFUSED, Answer, refusal
from jiannuo.kernel.refusals import Refused, TryLater
from jiannuo.policy.pack import PackError


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code: 0 done, 1 refused, 2 wrong usage."""
    args = arguments.parser().parse_args(argv)
    try:
        answer = _answer(args)
        answer.show(as_json=args.json)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`head`) has enough; nobody is left to be told anything.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        return REFUSED
    return answer.code


def _answer(args: Namespace) -> Answer:
    try:
        return _run(args)
    except Refused as no:
        return refusal(no)
    except PackError as wrong:
        return refusal(Refused(str(wrong), fix="请运行 jiannuo pack check 查看全部问题", code="pack"))
    except TryLater as later:
        return refusal(Refused(str(later), fix="请稍后再试", code="later"))
    except ImproperlyConfigured as wrong:
        return refusal(Refused(str(wrong), fix="请改正这项设置后再试，各项设置见 docs/operating.md", code="settings"))
    except DatabaseError as trouble:
        fix = "请检查数据库是否在运行、数据目录所在磁盘是否已满；排除后原样再试，没有数据丢失或重复"
        return refusal(Refused(f"数据库出错：{trouble}", fix=fix, code="database"))


def _run(args: Namespace) -> Answer:
    module, name = args.runs.split(":")
    if args.django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
        django.setup()
    # Models can be imported only after that, so the commands' own modules are loaded by name.
    run: Callable[[Namespace], Answer] = getattr(import_module(module), name)
    return run(args)


if __name__ == "__main__":
    sys.exit(main())
