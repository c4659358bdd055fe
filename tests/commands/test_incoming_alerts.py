"""What people do with alerts of another system: as with any, and how one ends that nobody repeats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.commands.test_commands import Running
from tests.engine.test_incoming import MINUTE, A, B, Monitoring


@pytest.fixture
def told() -> Iterator[tuple[Running, Monitoring]]:
    world = Monitoring()
    world.post({**A, "unit": "u1"}, {**B, "severity": "critical"})
    world.step()
    yield Running(world), world
    world.close()


def test_it_is_acknowledged_and_stays_so_while_it_is_sent_again(told: tuple[Running, Monitoring]) -> None:
    running, world = told
    assert running.do("acknowledge", alert=1).code == "done"
    world.post({**A, "unit": "u1"})
    world.step(MINUTE)
    one = world.all()[0]
    assert (one["ack_by"], one["closed"]) == ("Lan", None)
    world.over({**A, "unit": "u1"})
    world.step()
    world.post({**A, "unit": "u1"})
    world.step()
    again = world.all()[-1]
    assert (again["id"], again["unit"], again["ack_by"]) == (3, "u1", "Lan"), (
        "soon after it is the same matter"
    )


@pytest.mark.parametrize(
    ("name", "args", "hidden"),
    [
        ("silence", {"matchers": {"rule": "incoming"}}, ["silence", "silence"]),
        ("silence", {"matchers": {"unit": "u1"}}, ["silence", ""]),
        ("shelve", {"alert": 1}, ["shelve", ""]),
        ("rule_off", {"rule": "incoming"}, ["rule_off", "rule_off"]),
    ],
)
def test_it_is_hidden_like_any_other_and_comes_back(
    told: tuple[Running, Monitoring], name: str, args: dict[str, Any], hidden: list[str]
) -> None:
    running, world = told
    until = running.clock.domain + 30 * MINUTE
    assert running.do(name, reason="bảo trì máy chủ", until_ms=until, **args).code == "done"
    world.step()
    assert [one["muted"] for one in world.all()] == hidden
    world.over({**A, "unit": "u1"})
    world.step()
    world.post({**A, "unit": "u1"})
    world.step()
    again = next(one for one in world.all() if one["facts"]["labels"].get("unit"))
    assert again["muted"] == hidden[0], "what opens again about the same is hidden, too"
    world.post({**A, "unit": "u1"}, {**B, "severity": "critical"})
    world.step(31 * MINUTE)
    assert [one["muted"] for one in world.all()] == ["", ""]


def test_repaired_is_refused_while_it_is_sent_and_ends_what_is_sent_no_more(
    told: tuple[Running, Monitoring],
) -> None:
    running, world = told
    assert running.do("close", reason="đã khởi động lại", alert=1, outcome="repaired").code == "still_active"
    world.step(10 * MINUTE)
    assert running.do("close", reason="máy đã bỏ", alert=1, outcome="repaired").code == "done"
    world.step()
    one, other = world.all()
    assert (one["close_reason"], one["outcome"]) == ("cleared", "repaired")
    assert other["closed"] is None
    world.restart()
    world.step()
    assert world.all()[0]["closed"] is not None
    world.post({**A, "unit": "u1"})
    world.step()
    assert len([one for one in world.alerts().values() if one["unit"] == "u1"]) == 1, "sent again it is back"
