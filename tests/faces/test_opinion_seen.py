"""What everybody reads of public opinion: the answer once it was released, and nothing before."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faces.promised_office import Day, text
from tests.packages.casework import opened, taken
from tests.packages.overhearing import EVENT, JUDGED
from tests.packages.recording import Office, Organs

pytestmark = pytest.mark.django_db
ANSWER = "经检定，三号摊位的秤超出误差，已经封存更换；其他摊位逐台检定合格"


def test_the_answer_is_public_and_nothing_before_it(organs: Organs, day: Day) -> None:
    people = Office(organs)
    case = opened("opinion", EVENT, by=people.clerk, on="2026-03-02").case_id
    day("2026-03-04")
    taken(case, "judge", by=people.clerk, on="2026-03-02", fields=JUDGED)
    taken(case, "handle", by=people.subject, on="2026-03-03", words="当天到市场抽检了全部二十台秤")
    assert EVENT["title"] not in text(Client().get("/opinion/"))
    taken(case, "answer", by=people.subject, on="2026-03-04", words=ANSWER)
    with CaptureQueriesContext(connection) as asked:
        page = text(Client().get("/opinion/"))
    assert len(asked) <= 12
    assert ANSWER in page
    assert "按期回应" in page
    for kept in (EVENT["summary"], EVENT["place"], "全部二十台秤"):
        assert kept not in page
