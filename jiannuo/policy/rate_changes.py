"""What changes in a rate of interest from one pack to another, in words."""

from collections.abc import Iterator

from jiannuo.policy.claims import Rate, RateValue
from jiannuo.policy.wording import said


def rate_name(entry: Rate) -> str:
    """A rate by what it is of, with its history."""
    return f"利率“{entry.what}”：{'，'.join(map(_value, entry.values))}"


def rate_changes(old: Rate, new: Rate) -> Iterator[str]:
    """What changed in a rate: values that were added, taken away or altered, and what it rests on."""
    was, now = ({value.since: value for value in one.values} for one in (old, new))
    for since, value in now.items():
        if since not in was:
            yield f"“{new.what}”{_value(value)}"
        elif was[since].daily != value.daily:
            yield f"“{new.what}”已经施行的取值被改动：原为{_value(was[since])}，现为{_value(value)}"
    for since in was.keys() - now.keys():
        yield f"“{new.what}”删去了取值：{_value(was[since])}"
    yield from said(f"“{new.what}”", (("依据", old.source, new.source),))


def _value(value: RateValue) -> str:
    return f"自{value.since}起，日利率{value.percent}"
