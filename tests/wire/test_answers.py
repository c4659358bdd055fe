"""What the API answers is what its OpenAPI document says, member by member."""

from __future__ import annotations

import re
from types import SimpleNamespace

import msgspec
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from cockpit.domain.indices import service
from cockpit.ingest import answers
from cockpit.store import StoreError
from cockpit.web import api, entrance, static
from cockpit.web.openapi_shapes import Shapes
from tests.wire import handed
from tests.wire.conftest import START, Bench, event
from tests.wire.described import JSON, Described
from tests.wire.filled import EXAMPLES, fill, person

ENDLESS = "/api/v1/tape"
HALVES: dict[str, object] = {"foundation": [0.5] * 5, "government": 0.5, "economy": 0.5, "society": 0.5}
BESIDE = ("/healthz", "/readyz", "/metrics")


def everything_read(bench: Bench, told: Described) -> None:
    """Every route that only reads; what a demo alone has is not there without one."""
    asked = bench.client(person(bench, "admin"))
    for path, method, responses in told.operations():
        if method == "get" and path != ENDLESS:
            answer = asked.get(EXAMPLES.get(path, path))
            assert str(answer.status_code) in responses, path
            assert answer.status_code == 200 or bench.demo is None, path
            if answer.headers["content-type"] == JSON:
                told.must_fit(path, method, answer)


def everything_of_life(bench: Bench, told: Described) -> None:
    """Whatever readiness and pulse may say, and what is said in the meantime."""
    asked = bench.client()

    def ask() -> None:
        for path in ("/readyz", "/api/v1/pulse", "/api/v1/latest"):
            told.must_fit(path, "get", asked.get(path))

    leaps = SimpleNamespace(recent=SimpleNamespace(by_ms=-5500, at=START))
    bench.engine = SimpleNamespace(leaps=leaps, tick_age_s=lambda: 0.25, last_tick_s=None)
    bench.past_missing = True
    ask()
    bench.lost = "the files are gone"
    ask()
    bench.lost = None
    bench.ready.clear()
    for failure in (None, ValueError("odd"), StoreError("behind", "an older version")):
        bench.failure = failure
        ask()
    bench.ready.set()


def everything_ordered(bench: Bench, told: Described) -> None:
    """What those who send, act and present are answered, refused or not."""
    sender, operator, presenter = (
        bench.client(token)
        for token in (bench.token("cam-vms"), person(bench, "operator"), bench.token(role="presenter"))
    )
    for client, method, path, asked, body in (
        (sender, "post", "/api/v1/events", "", [event(20), event(20), event(21, subject="nobody")]),
        (sender, "post", "/api/v1/events", "", [event(20, source="host")]),
        (operator, "post", "/api/v1/commands", "", {"name": "acknowledge", "args": {"alert": 1}}),
        (operator, "post", "/api/v1/commands", "", {"name": "no_such"}),
        (operator, "post", "/api/v1/commands", "", []),
        (presenter, "post", "/api/v1/clock", "", {"speed": 10}),
        (presenter, "post", "/api/v1/clock", "", {"speed": 1e9}),
        (presenter, "post", "/api/v1/clock", "", {}),
        (presenter, "post", "/api/v1/faults", "", {"asset": "cam-00003", "kind": "silent", "seconds": 120}),
        (presenter, "post", "/api/v1/presets", "", {"preset": "ha_long_power"}),
        (presenter, "post", "/api/v1/presets", "", {"preset": "no_such"}),
        (presenter, "delete", "/api/v1/faults/{id}", "/api/v1/faults/3", None),
        (presenter, "delete", "/api/v1/faults/{id}", "/api/v1/faults/99", None),
        (presenter, "post", "/api/v1/scenarios", "", {"scenario": ["quiet_day"]}),
        (presenter, "delete", "/api/v1/scenarios/{code}", "/api/v1/scenarios/quiet_day", None),
        (presenter, "delete", "/api/v1/stage", "", None),
        (operator, "post", "/api/v1/calculators/766", "", dict.fromkeys(service.CODES, 7.5)),
        (operator, "post", "/api/v1/calculators/766", "", {}),
        (operator, "post", "/api/v1/calculators/dti", "", HALVES),
        (operator, "post", "/api/v1/calculators/dti", "", []),
    ):
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"content-type": JSON}
        answer = client.request(method, asked or path, content=content, headers=headers)
        told.must_fit(path, method, answer)
    for content in (handed.PDF, b"no file", b""):
        told.must_fit("/api/v1/evidence", "post", operator.post("/api/v1/evidence", content=content))


def test_every_answer_has_the_members_that_the_document_names_and_no_other(demo: Bench) -> None:
    fill(demo)
    told = Described(demo.client())
    everything_read(demo, told)
    everything_of_life(demo, told)
    everything_ordered(demo, told)
    assert told.answered() - told.seen == set(), "shapes of which filled.py shows no example"


def test_answers_without_a_demo_have_the_same_members(bench: Bench) -> None:
    fill(bench)
    told = Described(bench.client())
    everything_read(bench, told)


def test_whatever_is_under_api_is_described_with_its_methods(client: TestClient, bench: Bench) -> None:
    served = [*api.routes(bench), *entrance.routes(bench), *static.routes(bench)]  # type: ignore[arg-type]
    known = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in served
        if isinstance(route, Route) and "{path" not in route.path
        for method in (route.methods or set()) - {"HEAD"}
        if route.path.startswith("/api/") or route.path in BESIDE
    }
    assert {(path, method) for path, method, _ in Described(client).operations()} == known


def test_every_answer_says_what_is_in_it(client: TestClient) -> None:
    told = Described(client)
    assert [where for where, schema in told.schemas() if not told.holds(schema)] == []
    assert list(told.silent()) == []


def test_a_member_that_its_shape_does_not_know_is_found(client: TestClient) -> None:
    answer = SimpleNamespace(status_code=200, json=lambda: {"alive": True, "well": True})
    with pytest.raises(AssertionError, match="'well' was unexpected"):
        Described(client).must_fit("/healthz", "get", answer)


def test_two_shapes_of_one_name_are_told() -> None:
    class Error(msgspec.Struct):
        other: int

    shapes = Shapes()
    shapes.given(answers.Error)
    with pytest.raises(ValueError, match="Error"):
        shapes.given(Error)
