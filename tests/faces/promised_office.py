"""Who sits at which desk where promises are tested, and what they do there through the pages."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiannuo.duties.queries.promises import PromiseCard, promise
from jiannuo.kernel import clock
from tests.faces.september import PASSWORD

MARKET, LEAD, OTHER = "青禾县市场监督管理局", "青禾县发展和改革委员会", "青禾县财政局"
PEOPLE = (
    ("clerk.m", MARKET, "clerk"),
    ("reviewer.m", MARKET, "reviewer"),
    ("head.m", MARKET, "head"),
    ("lead.l", LEAD, "lead"),
    ("reviewer.f", OTHER, "reviewer"),
    ("auditor.a", "青禾县审计局", "auditor"),
    ("discipline.d", "青禾县审计局", "discipline"),
)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
WORDS = "路面已铺好并通过验收"
MOVE = {"authority": "青禾县人民政府", "document": "县政府第21次常务会议纪要", "reason": "汛期连续降雨，路基无法施工"}

Answer = Any
Day = Callable[[str], None]


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/desk/login/", {"username": username, "password": PASSWORD})
    return client


def address(card: PromiseCard, act: str = "") -> str:
    return f"/desk/promises/{card.duty.id}/{act}{'/' if act else ''}"


def text(response: Answer) -> str:
    return str(response.content.decode())


def submit(card: PromiseCard, by: str = "clerk.m", *, done_on: str = "", words: str = WORDS, **more: Any) -> Answer:
    file = SimpleUploadedFile("验收照片.png", PNG)
    form = {"done_on": done_on or clock.today().isoformat(), "words": words, "evidence": [file], **more}
    return signed_in(by).post(address(card, "submit"), form)


def confirm(card: PromiseCard, by: str = "lead.l", decision: str = "confirm", **more: str) -> Answer:
    form = {"reason": "到现场看过，与验收单一致", "decision": decision, **more}
    return signed_in(by).post(address(card, "confirm"), form)


def standing(card: PromiseCard) -> str:
    found = promise(card.duty.id, as_of=clock.today())
    assert found is not None
    return found.card.duty.standing.value
