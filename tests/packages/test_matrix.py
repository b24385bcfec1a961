"""Role × action × organ: on the table, on the rows, and over HTTP by everyone at once."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver, get_resolver

from jiannuo.access import actions, queries, rules
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests import matrix_support
from tests.database_support import at_once
from tests.matrix_support import ORGANS, PASSWORD, RECORDED, number

OPEN = {"login", "logout"}


def actor_of(account: Mapping[str, Any]) -> Actor:
    actor = queries.actor_of(get_user_model().objects.get(pk=account["user_id"]))
    assert actor is not None
    return actor


def reached(role: str, action: str, *, own: bool) -> bool:
    reach = rules.TABLE.get((role, action))
    return reach == "all" or (reach == "own" and own)


# -- on the table and on the rows


@pytest.mark.django_db
def test_every_account_reaches_what_its_role_gives_for_its_organ_and_nothing_else() -> None:
    accounts: Any = matrix_support.fill()
    places = {account["organ"]: account["organ_id"] for account in accounts.values()}
    for account in accounts.values():
        actor = actor_of(account)
        for action in rules.ACTIONS:
            for organ, organ_id in places.items():
                expected = reached(account["role"], action, own=organ == account["organ"])
                assert rules.may(actor, action, organ_id) is expected, (account, action, organ)


@pytest.mark.django_db
def test_rows_are_read_through_the_same_table() -> None:
    accounts: Any = matrix_support.fill()
    for account in accounts.values():
        organ_ids = rules.scope(actor_of(account), "records.read")
        _, cards = ledger.records("penalty_legal", organ_ids=organ_ids, as_of=None, limit=50)
        expected = {
            number(organ) for organ in ORGANS if reached(account["role"], "records.read", own=organ == account["organ"])
        }
        assert {card.number for card in cards} == expected, account


# -- by several at once, in one database


def granting(user_id: int, role: str) -> Callable[[], object]:
    return lambda: actions.grant(by=INSTALLER, user_id=user_id, role=role, on=clock.today(), at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_what_must_be_apart_is_not_joined_by_two_administrators_at_once() -> None:
    for at in range(6):
        user_id, _ = actions.create_account(
            by=INSTALLER, username=f"admin.{at}", name="某人", organ_id=None, at=clock.now()
        )
        answers = at_once(*(granting(user_id, role) for role in ("sysadmin", "secadmin", "auditadmin", "auditor")))
        assert sum(isinstance(answer, Refused) for answer in answers) == 3
        card = queries.account(user_id)
        assert card is not None
        assert len(card.grants) == 1


@pytest.mark.django_db(transaction=True)
def test_one_role_is_given_once_and_one_name_to_one_person() -> None:
    user_id, _ = actions.create_account(by=INSTALLER, username="auditor.a", name="某人", organ_id=None, at=clock.now())
    answers = at_once(*[granting(user_id, "auditor")] * 4)
    assert sum(isinstance(answer, int) for answer in answers) == 1

    def create() -> object:
        return actions.create_account(by=INSTALLER, username="same.name", name="某人", organ_id=None, at=clock.now())

    made = at_once(*[create] * 4)
    assert sum(isinstance(answer, tuple) for answer in made) == 1
    assert sum(isinstance(answer, Refused) for answer in made) == 3


@pytest.mark.django_db(transaction=True)
def test_an_organ_is_renamed_once_by_two_at_once() -> None:
    subjects_actions.load_organs(policy.current(), at=clock.now())
    organ = subjects.directory(clock.today()).find(ORGANS[0])
    assert organ is not None

    def rename() -> None:
        subjects_actions.rename(
            organ.id,
            on=RECORDED,
            name="青禾县统计调查局",
            short="县统调局",
            reason="青编〔2026〕3号",
            at=clock.now(),
            by="a",
        )

    answers = at_once(*[rename] * 4)
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert [spell.short for spell in subjects.history(organ.id)] == ["县统计局", "县统调局"]


# -- over HTTP


def desk_patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the desk with its view."""

    def walk(found: list[URLPattern | URLResolver], above: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in found:
            route = above + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif route.startswith("desk/"):
                yield route, pattern

    yield from walk(get_resolver().url_patterns, "")


def test_no_page_of_the_desk_goes_round_the_gate() -> None:
    bare = [
        route for route, found in desk_patterns() if found.name not in OPEN and not hasattr(found.callback, "action")
    ]
    assert bare == []


def test_every_page_of_the_desk_asks_for_an_action_of_the_table() -> None:
    for route, found in desk_patterns():
        action = getattr(found.callback, "action", None)
        assert action is None or action in rules.ACTIONS, route


@pytest.fixture
def server(own_database: Mapping[str, str]) -> Iterator[tuple[str, Any, Mapping[str, str]]]:
    """The platform served by two processes on a database of its own, with the accounts in it."""
    run(own_database, "django", "migrate", "--verbosity", "0")
    accounts = json.loads(run(own_database, "tests.matrix_support"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(own_database, port) as url:
        yield url, accounts, own_database


def run(environment: Mapping[str, str], *module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *module], env=dict(environment), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(environment: Mapping[str, str], port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--no-ws", "--log-level", "warning", "jiannuo.site.wsgi:application"]
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=15)


class Person:
    """Someone with a browser."""

    def __init__(self, url: str, username: str, account: Mapping[str, Any]) -> None:
        self.account = account
        self.role, self.organ = account["role"], account["organ"]
        self.http = httpx.Client(base_url=url, timeout=60, trust_env=False)
        answer = self.post("/desk/login/", {"username": username, "password": PASSWORD, "next": "/desk/password/"})
        assert answer.status_code == 302, answer.text

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        if "csrftoken" not in self.http.cookies:
            self.get("/desk/login/")
        token = self.http.cookies["csrftoken"]
        return self.http.post(path, data={**fields, "csrfmiddlewaretoken": token})

    def may_see(self, organ: str) -> bool:
        return reached(self.role, "records.read", own=organ == self.organ)


def addresses(numbers: range) -> Iterator[tuple[str, str | None]]:
    """The desk's addresses with their actions; where one takes a number, with each of these."""
    for route, found in desk_patterns():
        if found.name in OPEN:
            continue
        named = re.sub(r"<(slug|str):kind>", "penalty_legal", route).replace("<str:code>", matrix_support.OFFICIAL)
        path, taken = re.subn(r"<int:\w+>", "{}", f"/{named}")
        if "<" in path:
            continue
        for at in numbers if taken else range(1):
            yield path.format(*[at] * taken), getattr(found.callback, "action", None)


def look_at_everything(person: Person) -> list[str]:
    """What this person saw or was refused against the table."""
    wrong = []
    for path, action in addresses(range(1, 6)):
        answer = person.get(path)
        allowed = action is None or reached(person.role, action, own=True)
        if answer.status_code >= 500:
            wrong.append(f"{person.role} {path}: {answer.status_code}")
        if not allowed and answer.status_code not in (403, 405):
            wrong.append(f"{person.role} {path}: {answer.status_code}, though {action} is not granted")
        if allowed and "{" not in path and answer.status_code == 302 and "login" in answer.headers["Location"]:
            wrong.append(f"{person.role} {path}: sent to sign in")
        wrong += [
            f"{person.role} of {person.organ} sees {organ} at {path}"
            for organ in ORGANS
            if number(organ) in answer.text and not person.may_see(organ)
        ]
        wrong += [f"{person.role} {path}: a secret" for secret in matrix_support.SECRETS if secret in answer.text]
    return wrong


def press_everything(person: Person) -> list[str]:
    """Send every form of the desk about every record; the server may refuse and must not break."""
    wrong = []
    for path, _ in addresses(range(1, 6)):
        if path == "/desk/password/":
            continue
        fields = {
            "reason": "试一试能不能办",
            "entry": "1",
            "entries": "1",
            "ids": "1",
            "batch": "1",
            "rule": "DP01",
            "act": "release",
            "decision": "confirm",
            "done_on": RECORDED.isoformat(),
            "due_on": "2026-12-30",
            "since": RECORDED.isoformat(),
            "words": "已经全部办完了",
            "authority": "青禾县人民政府",
            "document": "会议纪要",
            "purpose": "任前考察核对",
        }
        answer = person.post(path, fields)
        if answer.status_code >= 500:
            wrong.append(f"{person.role} {path}: {answer.status_code}")
        shown = {secret for secret in matrix_support.SECRETS if secret in answer.text}
        if shown - matrix_support.seen_by(person.role, own=person.organ == ORGANS[0]):
            wrong.append(f"{person.role} of {person.organ} sees {shown} at {path}")
    return wrong


@pytest.mark.slow
@pytest.mark.timeout(600)  # every address by everyone, on whatever machine
def test_everyone_at_once_sees_and_changes_only_what_the_table_gives(
    server: tuple[str, Any, Mapping[str, str]],
) -> None:
    url, accounts, environment = server
    with ThreadPoolExecutor(len(accounts)) as pool, ExitStack() as closing:
        people = list(pool.map(lambda name: Person(url, name, accounts[name]), accounts))
        for person in people:
            closing.callback(person.http.close)
        seen = [fault for faults in pool.map(look_at_everything, people) for fault in faults]
        assert seen == []
        # Those of the second organ, the county's credit office left out, press every button on the first one's record.
        others = [person for person in people if person.organ == ORGANS[1] and person.role != "lead"]
        broken = [fault for faults in pool.map(press_everything, others) for fault in faults]
        assert broken == []
    acts = json.loads(run(environment, "tests.matrix_support", "acts"))
    assert acts == {"penalty_legal": [], "commitment": []}
