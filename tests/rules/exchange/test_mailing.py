"""A letter's bytes, and what each answer of a server means."""

from datetime import datetime
from email import message_from_bytes
from email.policy import default

import pytest

from jiannuo.exchange.rules import State
from jiannuo.exchange.rules.mailing import Letter, Reply, judge, message_id, written
from jiannuo.kernel.clock import SHANGHAI

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=SHANGHAI)
LETTER = Letter(
    "zhang@example.gov.cn",
    "青禾县践诺提醒：已经超期 2 项，今天到期 1 项，快要到期 5 项" * 2,
    "您好\n.\n第二行\n",
    "message:7",
)
FROM = "践诺工作台 <xinyong@example.gov.cn>"


@pytest.mark.parametrize(
    "reply, state, rests",
    [
        (Reply("data", 250, "queued as 1"), State.DELIVERED, False),
        (Reply("data", 451, "greylisted"), State.WAITING, False),
        (Reply("data", 554, "no"), State.FAILED, False),
        (Reply("to", 550, "no such user"), State.FAILED, False),
        (Reply("to", 450, "busy"), State.WAITING, False),
        (Reply("data", 421, "closing"), State.WAITING, True),
        (Reply("from", 553, "sender rejected"), State.WAITING, True),
        (Reply("login", 535, "bad password"), State.WAITING, True),
        (Reply("secure", 454, "no TLS"), State.WAITING, True),
        (Reply("connect", 0, "refused"), State.WAITING, True),
        (Reply("data", 0, "gone"), State.WAITING, True),
    ],
)
def test_each_answer_means_one_thing(reply: Reply, state: State, rests: bool) -> None:
    found = judge(reply, attempts=1)
    assert (found.state, found.site_rests) == (state, rests)
    assert found.trouble or found.receipt


def test_a_server_in_trouble_is_left_alone_longer_each_time() -> None:
    waits = [judge(Reply("connect", 0, "x"), attempts=n).wait.total_seconds() for n in (1, 2, 3, 30)]
    assert waits == [60, 120, 240, 6 * 3600]


def test_the_letter_is_read_back_as_it_was_written() -> None:
    raw = written(LETTER, sender=FROM, settings_url="https://x.example/desk/settings/", at=NOW)
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 78
    read = message_from_bytes(raw, policy=default)
    assert read["Subject"] == LETTER.subject
    assert read["From"].addresses[0].display_name == "践诺工作台"
    assert read["List-Unsubscribe"] == "<https://x.example/desk/settings/>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "text/plain"
    assert read.get_content().replace("\r\n", "\n") == LETTER.text
    assert read["Date"].datetime == NOW


def test_a_letter_has_one_message_id_and_another_letter_another() -> None:
    assert message_id("message:7", FROM) == message_id("message:7", FROM) != message_id("message:8", FROM)
    assert message_id("message:7", FROM).endswith("@example.gov.cn>")


def test_a_line_break_in_an_address_or_subject_adds_no_header() -> None:
    for wrong in (Letter("a@b.cn\r\nBcc: x@y.cn", "s", "t", "1"), Letter("a@b.cn", "s\r\nBcc: x@y.cn", "t", "1")):
        with pytest.raises(ValueError, match=r"(?i)linefeed|carriage|newline|CR|invalid"):
            written(wrong, sender=FROM, settings_url="https://x", at=NOW)
