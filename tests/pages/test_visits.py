"""Home says what is new since the last look of whoever is in front of it; pages send that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.commands import Command, Result, execute
from cockpit.store import StoreError
from cockpit.ui import live
from cockpit.ui.people import DEMO_ROLES
from tests.pages import test_wall
from tests.pages.conftest import NOW_MS, Visit, text
from tests.pages.test_first import client_of, first_of
from tests.store import inside
from tests.waiting import until

HOUR = 3_600_000
At = Callable[[int], None]


@pytest.fixture
def at(cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """Let so many ms have passed. Nobody has looked before, and whoever has is forgotten afterwards."""

    def set_(ms: int) -> None:
        monkeypatch.setattr(cockpit.clock, "domain_ms", lambda: NOW_MS + ms)
        live.forget()

    inside.forget_visits(cockpit.store)
    set_(0)
    yield set_
    monkeypatch.undo()
    inside.forget_visits(cockpit.store)
    live.forget()


@pytest.fixture
def client(cockpit: Any) -> TestClient:
    return client_of(cockpit)


def looked(cockpit: Any, role: str = "leader") -> Callable[[int], None]:
    """Wait until a person's look of so many ms after the beginning is kept."""
    name = cockpit.profile.people[role]

    def wait(ms: int) -> None:
        def kept() -> bool:
            found = inside.visits(cockpit.store).get(name)
            return found is not None and found.last == NOW_MS + ms

        until(kept, "the look is kept")

    return wait


@pytest.mark.parametrize(
    ("language", "day", "since"),
    [
        ("vi", "Trong 24 giờ qua:", "Từ lần xem trước, 09:00:"),
        ("en", "In the last 24 hours:", "Since your last look, 09:00:"),
    ],
)
def test_home_counts_a_day_at_the_first_look_and_from_the_last_one_at_the_next_visit(
    visit: Visit, client: TestClient, cockpit: Any, at: At, language: str, day: str, since: str
) -> None:
    assert day in first_of(client.get(f"/?lang={language}").text)
    assert inside.visits(cockpit.store) == {}, "who asks for the page alone has not seen it"
    assert day in text(visit("home", lang=language))
    looked(cockpit)(0)
    at(HOUR)
    assert since in first_of(client.get(f"/?lang={language}").text)
    app = visit("home", lang=language)
    assert since in text(app)
    looked(cockpit)(HOUR)
    assert since in text(app.run()), "it stays so while the visit lasts"
    assert since in first_of(client.get(f"/?lang={language}").text)


def test_each_person_is_told_what_is_new_to_them(
    visit: Visit, client: TestClient, cockpit: Any, at: At
) -> None:
    visit("home")
    looked(cockpit)(0)
    at(HOUR)
    assert "Trong 24 giờ qua:" in text(visit("home", role="operator"))
    looked(cockpit, "operator")(HOUR)
    at(3 * HOUR)
    for role, clock in (("leader", "09:00"), ("operator", "10:00")):
        told = f"Từ lần xem trước, {clock}:"
        assert told in first_of(client.get(f"/?role={role}").text)
        assert told in text(visit("home", role=role))
    assert "Trong 24 giờ qua:" in first_of(client.get("/?role=admin").text)
    assert set(inside.visits(cockpit.store)) <= {cockpit.profile.people[role] for role in DEMO_ROLES}


@pytest.mark.parametrize("page", ["alerts", "cameras", "indicators", "sources", "coverage"])
def test_whoever_is_on_another_page_is_on_a_visit_as_well(
    visit: Visit, cockpit: Any, at: At, page: str
) -> None:
    app = visit(page)
    looked(cockpit)(0)
    at(25 * 60_000)
    app.run()
    looked(cockpit)(25 * 60_000)


def test_a_look_costs_no_command_within_the_minute(
    visit: Visit, cockpit: Any, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Command] = []

    def forward(command: Command) -> Result:
        sent.append(command)
        return Result("done")

    monkeypatch.setattr(cockpit, "writable", False)
    monkeypatch.setattr(cockpit, "forward", forward)
    app = visit("home")
    until(lambda: bool(sent), "the look is sent")
    for ms in (10_000, 59_999):
        at(ms)
        app.run()
    at(60_000)
    app.run()
    until(lambda: len(sent) > 1, "the next minute's look is sent")
    assert len(sent) == 2


def test_pages_that_only_read_have_the_engine_keep_the_look(
    visit: Visit, cockpit: Any, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = type("Engine", (), {**vars(cockpit), "writable": True, "forward": None})
    told: list[Command] = []

    def forward(command: Command) -> Result:
        told.append(command)
        return execute(writing, command)  # type: ignore[arg-type]

    monkeypatch.setattr(cockpit, "writable", False)
    monkeypatch.setattr(cockpit, "forward", forward)
    visit("home")
    looked(cockpit)(0)
    at(HOUR)
    assert "Từ lần xem trước, 09:00:" in text(visit("home"))
    assert {(c.name, c.actor.role) for c in told} == {("seen", "leader")}


def test_a_look_that_cannot_be_kept_costs_the_page_nothing(
    visit: Visit, cockpit: Any, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Command] = []

    def forward(command: Command) -> Result:
        tried.append(command)
        raise StoreError("closed", "the process that writes does not answer")

    monkeypatch.setattr(cockpit, "writable", False)
    monkeypatch.setattr(cockpit, "forward", forward)
    app = visit("home")
    until(lambda: bool(tried), "the look is tried")
    app.run()
    assert not app.exception
    assert not app.toast
    assert "Trong 24 giờ qua:" in text(app)


def test_the_wall_is_nobodys(visit: Visit, cockpit: Any, at: At) -> None:
    visit("home")
    looked(cockpit)(0)
    at(HOUR)
    told = test_wall.part(test_wall.client_of(cockpit), "home", lang="vi")
    assert "Trong 24 giờ qua:" in told["html"]
