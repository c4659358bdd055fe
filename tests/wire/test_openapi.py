"""The API keeps to its own description whatever is sent to it."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from cockpit.web import api
from tests.wire.conftest import Bench

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW = settings(
    max_examples=25, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_answers_to_invented_requests_keep_to_the_openapi_document(demo: Bench) -> None:
    app = Starlette(routes=api.routes(demo))  # type: ignore[arg-type]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    sender = demo.token("cam-vms", "mot-cua", role="source")
    presenter = demo.token(role="presenter")
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        token = sender if operation.path == "/api/v1/events" else presenter
        headers = {"Authorization": f"Bearer {token}"}

        def check(case: schemathesis.Case) -> None:  # type: ignore[type-arg]
            case.call_and_validate(headers=headers, checks=CHECKS)  # noqa: B023 - called at once

        FEW(given(case=operation.as_strategy())(check))()
        tried += 1
    assert tried >= 19
