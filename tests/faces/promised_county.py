"""The made-up county with promises, as tests of their public pages make and act on them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.duties.actions import Authority
from jiannuo.duties.models import Duty
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.faces.test_portal_pages import NOW, TODAY, County, text_of
from tests.packages.promising import COMMITMENT, PNG, at, person

MEETING = Authority("青禾县人民政府", "县政府第21次常务会议纪要")
WHY = "汛期连续降雨，路基无法施工"
STEP = {
    "parent": "2026-承-01",
    "number": "2026-承-01-1",
    "title": "路基验收",
    "shown_by": "路基验收单",
    "made_on": "2026-03-02",
    "due_on": "2026-06-30",
    "organ": "青禾县市场监督管理局",
}
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@dataclass
class Promises(County):
    """The made-up county with promises."""

    made: list[str] = field(default_factory=list)

    def promise(self, *, on: str = "2026-03-02", released: bool = True, kind: str = "commitment", **more: str) -> Duty:
        row: Mapping[str, Any] = ({**COMMITMENT} if kind == "commitment" else {**STEP}) | more
        entries = self.send([row], kind=kind, at=at(on))
        while duties.follow(opened_at=at(on)):
            pass
        if released:
            self.release(entries, at=at(on))
        return Duty.objects.get(entry__in=entries)

    @property
    def theirs(self) -> Any:
        return person(self.market, "reviewer")

    @property
    def lead(self) -> Any:
        return person(self.organ("青禾县发展和改革委员会"), "lead")

    def submit(self, duty: Duty, on: str, done_on: str = "") -> None:
        duties.submit(
            duty.pk, done_on=date.fromisoformat(done_on or on), words="路面已铺好并通过验收", files=[PNG],
            actor=self.theirs, on=date.fromisoformat(on), at=at(on),
        )  # fmt: skip

    def confirm(self, duty: Duty, on: str, *, publish: bool = False) -> None:
        words = "到现场看过，与验收单一致，联系人住柳溪镇柳溪村3组12号"
        day = date.fromisoformat(on)
        duties.confirm(duty.pk, reason=words, actor=self.lead, on=day, at=at(on), publish=publish)

    def amend(self, duty: Duty, on: str, to: str) -> None:
        days = {"due_on": date.fromisoformat(to), "on": date.fromisoformat(on)}
        duties.amend(duty.pk, authority=MEETING, reason=WHY, actor=self.theirs, at=at(on), **days)

    def organ_of(self, organ_id: int) -> OrganCard:
        return subjects.directory(TODAY).card(organ_id)

    def office_of(self, duty: Duty) -> Actor:
        return person(self.organ_of(duty.confirmer_id or 0), "lead")

    def page(self, duty: Duty, **query: str) -> str:
        return text_of(self.get(self.url(duty) + "".join(f"?{name}={value}" for name, value in query.items())))

    def url(self, duty: Duty) -> str:
        return f"/promises/{bytes(Duty.objects.get(pk=duty.pk).entry.identity).hex()}/"

    def say(self, duty: Duty, **form: str) -> Any:
        page = self.get(self.url(duty))
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        headers = {name: value for name, value in {**HERE, **form}.items() if name.startswith("HTTP_")}
        typed = {name: value for name, value in form.items() if not name.startswith("HTTP_")}
        return Client().post(f"{self.url(duty)}say/", {"token": token[1], **typed}, **headers)  # type: ignore[arg-type]


def signed_in(organ: OrganCard, role: str) -> Client:
    """A browser at the desk, of an account of that organ."""
    by = Actor(None, "setup", "安装程序", None, "", frozenset({"setup"}), frozenset())
    name = f"{role}{organ.id}"
    user_id, _ = access.create_account(
        by=by, username=name, name="某某", password="qinghe-2026-Credit", organ_id=organ.id, at=NOW
    )
    access.grant(by=by, user_id=user_id, role=role, on=TODAY, at=NOW)
    client = Client()
    client.post("/desk/login/", {"username": name, "password": "qinghe-2026-Credit"})
    return client


def run_tick(on: str) -> None:
    tick.run(as_of=date.fromisoformat(on), now=at(on))
