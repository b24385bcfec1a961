"""A policy document and its interpretation: by when, found from one another by number, what is missing counted."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.disclosure.queries import interpreting
from jiannuo.intake.queries import BatchCard
from jiannuo.kernel.refusals import Refused
from tests.faces.promised_county import Promises
from tests.faces.test_portal_pages import text_of

pytestmark = pytest.mark.django_db

Rows = Callable[..., BatchCard]
NUMBER = "青市监规〔2026〕3号"
DOCUMENT = {
    "title": "青禾县食品小作坊登记管理办法",
    "catalogue_item": "Z0107",
    "document_number": NUMBER,
    "formed_on": "2026/09/24",
    "published_on": "2026/09/29",
    "url": "http://qinghe.example/guifan/3.html",
    "organ": "青禾县市场监督管理局",
}
INTERPRETATION = {
    "title": "一图读懂食品小作坊登记",
    "document_number": NUMBER,
    "form": "图解",
    "published_on": "2026/10/08",
    "url": "http://qinghe.example/jiedu/3.html",
    "organ": "青禾县市场监督管理局",
}


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def published(county: Promises, row: dict[str, str], kind: str = "disclosed_information") -> int:
    (entry,) = county.publish(row, kind=kind)
    return entry


CASES = [
    ("in time, over the holiday", "2026/10/08", "2026-11-23", False),
    ("late is not missing", "2026/10/20", "2026-11-23", False),
    ("never", "", "2026-11-23", True),
    ("not yet due", "", "2026-10-09", False),
]


@pytest.mark.parametrize("shown, on, missing", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_missing(county: Promises, shown: str, on: str, missing: bool) -> None:
    published(county, DOCUMENT)
    if shown:
        published(county, {**INTERPRETATION, "published_on": shown}, "policy_interpretation")
    (found,) = interpreting.documents(on=date.fromisoformat(on))
    assert (found.number, found.due_on, found.is_missing(date.fromisoformat(on))) == (
        NUMBER,
        date(2026, 10, 9),
        missing,
    )
    assert found.interpreted_on == (date.fromisoformat(shown.replace("/", "-")) if shown else None)


def test_only_documents_the_catalogue_names_are_asked_for(county: Promises) -> None:
    published(county, {**DOCUMENT, "catalogue_item": "Z0108"})
    published(county, {**DOCUMENT, "document_number": "", "title": "没有文号的办法"})
    assert interpreting.documents(on=date(2026, 11, 23)) == []


def test_each_leads_to_the_other_and_what_is_missing_is_on_both_pages(county: Promises) -> None:
    document = published(county, DOCUMENT)
    organ = f"/organs/{county.market.code}/"
    assert "没有解读的文件 1 件" in text_of(county.get(organ))
    catalogue = text_of(county.get("/catalogue/"))
    assert "应当解读的文件 1 件，已解读 0 件，过了期限没有解读 1 件" in catalogue
    interpretation = published(county, INTERPRETATION, "policy_interpretation")
    page, other = county.get(county.address(document)), county.get(county.address(interpretation))
    assert county.address(interpretation) in page
    assert "一图读懂食品小作坊登记" in page
    assert county.address(document) in other
    assert "青禾县食品小作坊登记管理办法" in other
    assert "没有解读的文件" not in text_of(county.get(organ))
    assert "已解读 1 件，过了期限没有解读 0 件" in text_of(county.get("/catalogue/"))


WRONG = [
    ("a form nobody knows", {"form": "托梦"}),
    ("an address that cannot be opened", {"url": "见文件"}),
    ("published tomorrow", {"published_on": "2027/01/05"}),
    ("no document named", {"document_number": ""}),
]


@pytest.mark.parametrize("row", [case[1] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_does_not_come_in(county: Promises, row: dict[str, str]) -> None:
    with pytest.raises((AssertionError, Refused)):
        county.send([{**INTERPRETATION, **row}], kind="policy_interpretation")
    assert interpreting.beside("disclosed_information", NUMBER) == []
