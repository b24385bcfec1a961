"""A sender killed between sending and recording: nothing is lost, and one letter comes twice at most."""

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jiannuo.exchange import actions
from tests.packages import mailbox as post
from tests.packages.mailbox import MONDAY, NOW, Mailbox, account, listening, port_of

POSTING = """
import sys, django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from tests.packages import test_mail_killed as here

if sys.argv[1] == "lay":
    call_command("migrate", verbosity=0)
    here.lay()
else:
    print(here.actions.post(now=here.NOW + timedelta(minutes=int(sys.argv[2]))))
"""


def lay() -> None:
    """Five letters that wait."""
    from jiannuo.policy import pack as policy
    from jiannuo.subjects import actions as subjects_actions
    from jiannuo.subjects import queries as subjects

    subjects_actions.load_organs(policy.current(), at=NOW)
    organ = subjects.directory(MONDAY).organs[0]
    for n in range(5):
        actor = account(organ, "clerk", username=f"clerk.{n}")
        actions.post_code(account_id=actor.user_id or 0, to=f"c{n}@x.cn", code=f"{n:06d}", now=NOW)


@pytest.mark.slow
def test_killed_between_sending_and_the_record_nothing_is_lost_and_one_letter_comes_twice_at_most(
    own_database: Mapping[str, str], root: Path
) -> None:
    mailbox = Mailbox()
    controller = listening(mailbox)
    address = f"smtp://127.0.0.1:{port_of(controller)}"
    env: dict[str, str] = {
        **own_database, "PYTHONPATH": str(root), "JIANNUO_SMTP_URL": address, "JIANNUO_MAIL_FROM": post.SENDER,
    }  # fmt: skip

    def start(*words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", POSTING, *words], env=env, cwd=root, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip

    try:
        output, _ = start("lay").communicate(timeout=120)
        sender: list[Any] = []

        def kill() -> None:
            # The third is with the server, which keeps it; the sender dies before it learns so.
            if len(mailbox.came) == 3 and sender:
                sender.pop().send_signal(signal.SIGKILL)

        mailbox.hold = kill
        first = start("post", "0")
        sender.append(first)
        output, _ = first.communicate(timeout=60)
        assert first.returncode == -signal.SIGKILL, output
        assert len(mailbox.came) == 3
        for minutes in ("1", "6", "20"):
            again = start("post", minutes)
            output, _ = again.communicate(timeout=60)
            assert again.returncode == 0, output
    finally:
        controller.stop()
    by_id: dict[str, set[str]] = {}
    for to, raw in mailbox.came:
        (number,) = re.findall(rb"(?im)^Message-ID: +(\S+)", raw.replace(b"\r\n ", b" "))
        by_id.setdefault(number.decode(), set()).add(to)
    assert len(by_id) == 5
    assert all(len(people) == 1 for people in by_id.values())
    assert len(mailbox.came) == 6
