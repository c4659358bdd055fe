"""Pages beside an engine: what people do there, the engine carries out, in their names."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from cockpit.commands import Actor, Command, Instant, forwarding
from cockpit.commands.dispatch import execute
from cockpit.commands.forwarding import Forward
from cockpit.commands.rules import RuleOff
from cockpit.domain.evidence import Unfit
from cockpit.profiles import load
from cockpit.store import StoreError
from cockpit.store.queries import audit, evidence
from cockpit.web import api
from tests.clocks import HandClock
from tests.store import inside
from tests.waiting import PATIENCE_S, until
from tests.wire import handed
from tests.wire.conftest import START, Bench, make
from tests.wire.test_commands import standing


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, str]]:
    made = make(tmp_path_factory.mktemp("engine"), load("quang_ninh", size="district"), HandClock(START))
    app = Starlette(routes=api.routes(made))  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started or not thread.is_alive(), "the engine's door opens")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield made, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(PATIENCE_S)
    made.door.close()
    made.store.close()


class Pages:
    """A process that only shows."""

    demo = None
    is_demo = True
    writable = False

    def __init__(self, engine: Bench, forward: Forward) -> None:
        self.store, self.profile = engine.store, engine.profile
        self.clock, self.forward = engine.clock, forward


def test_a_command_of_a_page_is_carried_out_by_the_engine_in_the_persons_name(
    engine: tuple[Bench, str],
) -> None:
    made, address = engine
    pages = Pages(made, Forward(address, made.token(role="pages")))
    order = RuleOff(rule="camera-silent", until=Instant(START + 3_600_000))
    done = execute(pages, Command(Actor("Lan", "operator", "u1"), order, "thay đầu ghi"))
    assert (done.code, done.facts["rule"], done.facts["until"]) == (
        "done",
        "camera-silent",
        START + 3_600_000,
    )
    refused = execute(pages, Command(Actor("Minh", "leader"), order, "thay đầu ghi"))
    assert refused.code == "no_right"
    with made.store.read() as conn:
        told = audit.entries(conn, 0, START + 1)
    assert [(e.actor, e.role, e.outcome) for e in told] == [
        ("Minh", "leader", "no_right"), ("Lan", "operator", "done"),
    ]  # fmt: skip


def test_what_somebody_who_only_reads_has_tried_is_on_record_too(engine: tuple[Bench, str]) -> None:
    made, address = engine
    pages = Pages(made, Forward(address, made.token(role="pages")))
    order = RuleOff(rule="camera-silent", until=Instant(START + 3_600_000))
    assert execute(pages, Command(Actor("Khách", "reader"), order, "thử")).code == "read_only"
    with made.store.read() as conn:
        told = [(e.actor, e.role, e.outcome) for e in audit.entries(conn, 0, START + 1)]
    assert told == [("Khách", "reader", "read_only")]


def test_an_engine_that_is_gone_is_said_so(engine: tuple[Bench, str]) -> None:
    made, _ = engine
    pages = Pages(made, Forward("http://127.0.0.1:9", "no token"))
    order = RuleOff(rule="camera-silent", until=Instant(START + 3_600_000))
    with pytest.raises(StoreError, match="does not answer"):
        execute(pages, Command(Actor("Lan", "operator"), order, "thay đầu ghi"))


def test_only_the_token_of_a_cockpits_own_pages_speaks_for_others(engine: tuple[Bench, str]) -> None:
    made, address = engine
    pages = Pages(made, Forward(address, made.token(role="operator")))
    order = RuleOff(rule="camera-silent", until=Instant(START + 3_600_000))
    with pytest.raises(StoreError, match="403"):
        execute(pages, Command(Actor("Lan", "admin"), order, "thay đầu ghi"))


def test_a_page_says_of_what_the_engine_has_not_done_in_time_that_it_may_still_be_done(
    engine: tuple[Bench, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, address = engine
    pages = Pages(made, Forward(address, made.token(role="pages")))
    order = RuleOff(rule="camera-silent", until=Instant(START + 3_600_000))
    with standing(made, monkeypatch):
        assert execute(pages, Command(Actor("Lan", "operator"), order, "thay đầu ghi")).code == "busy"
    with made.store.read() as conn:
        assert [e.outcome for e in audit.entries(conn, 0, START + 1)] == ["done"]


def test_the_token_of_pages_runs_out_and_they_make_another(engine: tuple[Bench, str]) -> None:
    made, address = engine
    path, clock = made.store.path, made.clock
    forward = forwarding.to(path, address, "pages at x", clock)
    pages, first = Pages(made, forward), forward._token
    for hours in (0, 2, 4):
        clock.real = START + hours * 3_600_000  # type: ignore[attr-defined]
        order = RuleOff(rule="camera-silent", until=Instant(START + (hours + 1) * 3_600_000))
        assert execute(pages, Command(Actor("Lan", "operator"), order, "thay đầu ghi")).ok
    told = made.client(first).post("/api/v1/commands", json={"name": "rule_on"})
    assert (told.status_code, told.json()["error"]["code"]) == (401, "unknown_token")
    assert inside.token_labels(path) == ["pages at x"]
    last = forward._token
    clock.real += 3_600_001  # type: ignore[attr-defined]
    assert made.client(last).post("/api/v1/commands", json={"name": "rule_on"}).status_code == 401
    forward.close()
    assert inside.token_labels(path) == []


def test_a_file_of_a_page_is_kept_by_the_engine_in_the_persons_name(engine: tuple[Bench, str]) -> None:
    made, address = engine
    forward = Forward(address, "run out", lambda: made.token(role="pages"))
    name = forward.hand_in(handed.PDF, name="Báo cáo.pdf", declared="", person="Nguyễn Lan", unit="skhcn")
    with made.store.read() as conn:
        (found,) = evidence.handed(conn, name)
    assert (found.person, found.unit, found.name) == ("Nguyễn Lan", "skhcn", "Báo cáo.pdf")
    with pytest.raises(Unfit) as raised:
        forward.hand_in(b"<script>", name="a.pdf", declared="", person="Lan", unit="")
    assert raised.value.code == "not_a_kind"
    with pytest.raises(StoreError, match="does not answer"):
        Forward("http://127.0.0.1:9", "x").hand_in(b"x", name="a", declared="", person="Lan", unit="")
