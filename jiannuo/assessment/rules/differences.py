"""Where what an organ wrote differs from what the ledger holds: numbers in its words, and numbers it states itself."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from jiannuo.assessment.rules.figures import Figure
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.reporting import Section

# Between a figure's name and its number there is at most a short link: 为, 达到了, 共计.
_NUMBER = (
    r"[^\d。;,!?\n]{0,6}?(?:(?P<hundred>百分之)\s*)?(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<percent>%)?(?P<after>.?.?)"
)
# A number of days or of money behind a figure's name is something else.
_OTHER = re.compile(r"天|日|年|月|个月|周|小|元|万|倍|分")
_STATED = re.compile(r"(\d{1,9}(?:\.\d{1,2})?)\s*%?")
STATED = "本单位统计"


class Difference(Struct, frozen=True):
    """One number that is not what the ledger holds: where it stands, what was written, what the records give."""

    figure: str
    label: str
    where: str
    written: str
    ledger: str


class Mention(Struct, frozen=True):
    """A number the words give for a figure."""

    figure: str
    number: Decimal
    written: str


def differences(
    sections: Iterable[Section],
    names: Mapping[str, Sequence[str]],
    words: Mapping[str, str],
    stated: Mapping[str, str],
    figures: Mapping[str, Figure],
) -> list[Difference]:
    """All that differs, numbers stated beside the figures first, then those in the words, in the order of the sections."""
    found = []
    for name, text in stated.items():
        if (one := figures.get(name)) and not agrees(stated_number(text, one.label), one):
            found.append(Difference(name, one.label, STATED, _as_written(text, one), _of_ledger(one)))
    for section in sections:
        for said in mentions(words.get(section.id, ""), names, figures):
            one = figures[said.figure]
            if not agrees(said.number, one):
                found.append(Difference(one.id, one.label, section.title, said.written, _of_ledger(one)))
    return found


def mentions(text: str, names: Mapping[str, Sequence[str]], figures: Mapping[str, Figure]) -> Iterator[Mention]:
    """The numbers that words give for figures, longest name first, so that 双公示及时率 is not taken for 及时率."""
    text = unicodedata.normalize("NFKC", text)
    ordered = sorted(
        ((name, figure) for figure, several in names.items() for name in several if figure in figures),
        key=lambda pair: -len(pair[0]),
    )
    taken: list[range] = []
    for name, figure in ordered:
        for match in re.finditer(re.escape(unicodedata.normalize("NFKC", name)) + _NUMBER, text):
            here = range(match.start(), match.end("number"))
            if any(here.start < other.stop and other.start < here.stop for other in taken):
                continue
            is_share = bool(match["percent"] or match["hundred"])
            if is_share != (figures[figure].unit == "%") or (not is_share and _OTHER.match(match["after"])):
                continue
            taken.append(here)
            yield Mention(
                figure,
                Decimal(match["number"].replace(",", "")),
                text[match.start() : match.end("number")] + "%" * is_share,
            )


def stated_number(text: str, label: str) -> Decimal:
    """The number an organ states for a figure. Refuses what is none."""
    found = _STATED.fullmatch(unicodedata.normalize("NFKC", text).replace(",", "").strip())
    if found is None:
        raise Refused(
            f"“{label}”的本单位统计“{text[:20]}”不是数",
            fix="请填数字，例如 12 或者 98.5；没有不同的就留空",
            field="stated",
            code="number",
        )
    return Decimal(found[1])


def agrees(written: Decimal, one: Figure) -> bool:
    """Whether a written number is the ledger's, at the precision it was written with. Not quite all is never all."""
    if one.value is None:
        return False
    value = Decimal(one.value)
    if one.unit == "%" and written == 100:
        return value == 100
    exponent = written.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) == written


def _as_written(text: str, one: Figure) -> str:
    return f"{text.strip().removesuffix('%')}{one.unit}"


def _of_ledger(one: Figure) -> str:
    if one.value is None:
        return f"没有（{one.why}）"
    counted = f"（{one.part}/{one.whole}）" if one.whole is not None else ""
    return f"{one.value}{one.unit}{counted}"
