"""Whatever the schema of the interface allows is answered as the schema says, and nothing breaks the server."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jiannuo.access import actions as access
from jiannuo.access.rules import INSTALLER
from jiannuo.api import keys
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.site.wsgi import application
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@pytest.fixture
def key(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    now = clock.now()
    subjects_actions.load_organs(policy.current(), at=now)
    organ = subjects.directory(now.date()).find("县市场监管局")
    assert organ is not None
    monkeypatch.setattr(keys.Limit, "allow_request", lambda *_: True)
    _, text = access.create_key(
        by=INSTALLER, name="接口测试", organ_id=organ.id, roles=frozenset({"clerk"}), on=now.date(), at=now
    )
    # The test's transaction has to outlive each request.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield text
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers={"Host": "localhost"})
OPERATIONS: list[Any] = [found.ok() for found in SCHEMA.get_all_operations()]  # type: ignore[union-attr]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_every_operation_answers_as_declared(operation: Any, key: str) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {key}", "Host": "localhost"}, checks=CHECKS)

    answers()
