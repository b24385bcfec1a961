"""Promises by machine: an organ's system reads its own, and says that one is done; people confirm."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiannuo.access import actions as access
from jiannuo.access.rules import INSTALLER
from jiannuo.api import keys
from jiannuo.duties.queries.promises import PromiseCard, promise
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects
from tests.faces.promised_office import MARKET, MOVE, OTHER, PNG, WORDS, address, confirm, signed_in

pytestmark = pytest.mark.django_db
Answer = tuple[int, dict[str, Any]]


class Machine:
    """A system that holds an organ's key."""

    def __init__(self, organ: str, role: str = "clerk") -> None:
        now = clock.now()
        card = subjects.directory(now.date()).find(organ)
        assert card is not None
        made = {"name": "督查系统", "organ_id": card.id, "roles": frozenset({role}), "on": now.date(), "at": now}
        _, key = access.create_key(by=INSTALLER, **made)  # type: ignore[arg-type]
        self.client, self.headers = Client(), {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> Answer:
        response = self.client.get(f"/api/v1{path}", headers=self.headers)
        return response.status_code, response.json()

    def perform(
        self, number: int, *, token: str = "", name: str = "验收照片.png", data: bytes = PNG, **more: str
    ) -> Answer:
        headers = self.headers | ({"Idempotency-Key": token} if token else {})
        form = {"done_on": "2026-10-28", "words": WORDS, "files": [SimpleUploadedFile(name, data)], **more}
        response = self.client.post(f"/api/v1/promises/{number}/performance", form, headers=headers)
        return response.status_code, response.json()


@pytest.fixture
def market_system(road: PromiseCard, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(keys.Limit, "allow_request", lambda *_: True)
    return Machine(MARKET)


def test_an_organ_reads_its_own_promises(market_system: Machine, road: PromiseCard) -> None:
    signed_in("reviewer.m").post(address(road, "amend"), {"due_on": "2026-12-20", **MOVE})
    status, page = market_system.get("/promises")
    (item,) = page["items"]
    assert (status, page["total"], page["next"]) == (200, 1, None)
    assert (item["first_due_on"], item["due_on"], item["amendments"]) == ("2026-10-31", "2026-12-20", 1)
    _, whole = market_system.get(f"/promises/{item['id']}")
    assert [(act["act"], act["fields"]["authority"]) for act in whole["acts"]] == [("amendment", MOVE["authority"])]
    assert market_system.get("/promises?standing=kept")[1]["total"] == 0
    assert market_system.get("/promises?cursor=7")[1]["items"] == []
    assert market_system.get("/promises?kind=x")[0] == 422


def test_another_organ_sees_and_does_nothing(market_system: Machine, road: PromiseCard) -> None:
    other = Machine(OTHER)
    assert other.get("/promises")[1]["total"] == 0
    assert other.get(f"/promises/{road.duty.id}")[0] == 404
    assert other.perform(road.duty.id)[0] == 404
    assert Machine(MARKET, "auditor").perform(road.duty.id)[0] == 403


def test_what_is_done_is_sent_with_files_and_waits_for_a_person(market_system: Machine, road: PromiseCard) -> None:
    status, sent = market_system.perform(road.duty.id)
    assert (status, sent["submitted_on"]) == (201, "2026-10-28")
    found = promise(road.duty.id, as_of=clock.today())
    assert found is not None
    assert (found.card.duty.kept_on, found.card.submitted) == (None, sent["id"])
    assert confirm(road).status_code == 302
    assert market_system.get(f"/promises/{road.duty.id}")[1]["standing"] == "kept"


def test_the_same_sending_again_is_the_same_act(market_system: Machine, road: PromiseCard) -> None:
    _, first = market_system.perform(road.duty.id, token="d-1")
    status, again = market_system.perform(road.duty.id, token="d-1")
    assert (status, again["id"]) == (200, first["id"])
    status, no = market_system.perform(road.duty.id, token="d-2")
    assert (status, no["code"]) == (422, "waiting")
    assert "token" not in json.dumps(market_system.get(f"/promises/{road.duty.id}")[1])
    confirm(road)
    assert market_system.perform(road.duty.id, token="d-1") == (200, {**first, "submitted_on": None})


@pytest.mark.parametrize(
    "more, code",
    [
        ({"done_on": "2026-10-01"}, "backdated"),
        ({"words": "好了"}, "words"),
        ({"name": "验收.pdf.exe"}, "disguised"),
        ({"name": "验收.pdf"}, "content"),
        ({"result": "[1]"}, "result"),
        ({"done_on": "昨天"}, "invalid"),
    ],
)
def test_what_is_wrong_is_a_problem_in_words(
    market_system: Machine, road: PromiseCard, more: dict[str, Any], code: str
) -> None:
    status, no = market_system.perform(road.duty.id, **more)
    assert (status, no["code"]) == (422, code)
    assert no["message"]
    assert no["fix"]
