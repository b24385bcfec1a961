"""What an answer means, when to try again, and what exactly is signed."""

import base64
import hashlib
import json
from datetime import datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jiannuo.exchange import rules
from jiannuo.exchange.rules import Answer, State
from jiannuo.kernel import clock

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "attempts, wait",
    [
        (0, MINUTE),
        (1, MINUTE),
        (2, 2 * MINUTE),
        (5, 16 * MINUTE),
        (9, 256 * MINUTE),
        (10, 360 * MINUTE),
        (10**6, 360 * MINUTE),
    ],
)
def test_waits_double_from_a_minute_to_six_hours(attempts: int, wait: timedelta) -> None:
    assert rules.wait_after(attempts) == wait


@pytest.mark.parametrize(
    "answer, state, rests, words",
    [
        pytest.param(Answer(200, '{"receipt":"a1"}', "application/json"), State.DELIVERED, False, "", id="成功"),
        pytest.param(Answer(201, "", ""), State.DELIVERED, False, "", id="成功而无话"),
        pytest.param(Answer(204), State.DELIVERED, False, "", id="无内容"),
        pytest.param(Answer(200, "<html>登录</html>", "text/html"), State.WAITING, False, "网页", id="登录页面"),
        pytest.param(
            Answer(200, "<!doctype html>", "text/plain"), State.WAITING, False, "网页", id="没说自己是网页的网页"
        ),
        pytest.param(Answer(500, "错误"), State.WAITING, False, "500", id="对方出错"),
        pytest.param(Answer(503), State.WAITING, True, "503", id="对方停机"),
        pytest.param(Answer(429), State.WAITING, True, "429", id="太快"),
        pytest.param(Answer(409), State.WAITING, False, "409", id="前一次还在办"),
        pytest.param(Answer(408), State.WAITING, False, "408", id="对方等久了"),
        pytest.param(Answer(0, trouble="连不上"), State.WAITING, True, "连不上", id="没有答复"),
        pytest.param(Answer(400, "缺少字段"), State.FAILED, False, "缺少字段", id="内容被拒"),
        pytest.param(Answer(422), State.FAILED, False, "422", id="同一钥匙内容不同"),
        pytest.param(Answer(401), State.FAILED, True, "401", id="不认识我们"),
        pytest.param(Answer(404), State.FAILED, True, "404", id="地址不对"),
        pytest.param(Answer(301), State.FAILED, True, "接收地址已变更", id="搬家"),
    ],
)
def test_what_an_answer_means(answer: Answer, state: State, rests: bool, words: str) -> None:
    judged = rules.judge(answer, attempts=1, now=NOW)
    assert (judged.state, judged.site_rests) == (state, rests)
    assert words in judged.trouble
    assert bool(judged.receipt) == (state is State.DELIVERED)


@pytest.mark.parametrize(
    "asked, wait",
    [
        pytest.param("600", 10 * MINUTE, id="秒数"),
        pytest.param("5", MINUTE, id="比我们的还短"),
        pytest.param("Mon, 23 Nov 2026 02:00:00 GMT", 30 * MINUTE, id="时刻"),
        pytest.param("Mon, 23 Nov 2020 02:00:00 GMT", MINUTE, id="过去的时刻"),
        pytest.param("999999999999999999", 360 * MINUTE, id="离谱"),
        pytest.param("soon", MINUTE, id="读不懂"),
        pytest.param("²", MINUTE, id="不是数字的数字"),
        pytest.param("", MINUTE, id="没说"),
    ],
)
def test_retry_after_is_heeded_within_reason(asked: str, wait: timedelta) -> None:
    assert rules.judge(Answer(429, retry_after=asked), attempts=1, now=NOW).wait == wait


def body(**more: object) -> bytes:
    given: dict[str, object] = {
        "act": "publication",
        "sequence": 7,
        "digest": "d" * 64,
        "site": "affairs",
        "record": "ab",
        "on": "2026-11-23",
        "reason": "",
        "content": {"文号": "青罚决字〔2026〕1号"},
    }
    return rules.message(**(given | more))  # type: ignore[arg-type]


def test_the_same_act_is_the_same_bytes() -> None:
    assert body() == body()
    assert json.loads(body())["content"] == {"文号": "青罚决字〔2026〕1号"}
    assert json.loads(body(act="withdrawal", content=None))["content"] is None
    assert rules.key_of("d" * 64, "affairs") == "d" * 64 + ":affairs"


def test_a_receiver_checks_the_signature_with_the_published_key_alone() -> None:
    key = Ed25519PrivateKey.generate()
    public = rules.public_bytes(key)
    signature = rules.sign(key, body())
    # As the manual tells it to a receiver, without our code.
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature), b"jiannuo-delivery:1\n" + body())
    assert rules.key_id(public) == hashlib.sha256(public).hexdigest()[:16]
    rules.verify(public, body(), signature)
    with pytest.raises(InvalidSignature):
        rules.verify(public, body(sequence=8), signature)


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word(state: State) -> None:
    assert state.label
