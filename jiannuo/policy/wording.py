"""How the entries of a pack are said to an official."""

from collections.abc import Iterable, Iterator

from jiannuo.policy.deadlines import Value

NEED_WORDS = {"M": "必填", "O": "选填", "B": "不填"}
OUTCOME_WORDS = {"withhold": "不予公示", "ask": "由审核员确认"}


def say_value(value: Value) -> str:
    """A time limit in words: 自2017-09-26起7个工作日."""
    return f"自{value.since}起停止执行" if value.repealed else f"自{value.since}起{value.words}"


def said(name: str, parts: Iterable[tuple[str, object, object]]) -> Iterator[str]:
    """One sentence for each part that changed: `X的Y由“a”改为“b”`."""
    for part, old, new in parts:
        if old != new:
            yield f"{name}的{part}由“{plain(old)}”改为“{plain(new)}”"


def plain(value: object) -> str:
    """A value as a sentence says it; nothing at all is said to be nothing."""
    if isinstance(value, tuple):
        return "、".join(str(part) for part in value) or "（无）"
    return "（无）" if value in ("", None, 0) else str(value)
