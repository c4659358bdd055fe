"""What the measurement of the world is asked for."""

from __future__ import annotations

import json

import pytest

from cockpit.bench import world


@pytest.mark.parametrize(("asked", "told"), [([], ["day", "country"]), (["day"], ["day"])])
def test_both_are_measured_unless_one_is_named(
    asked: list[str], told: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(world, "day", lambda: {"seconds": 30.0, "memory_mb": 400.0})
    monkeypatch.setattr(world, "country", lambda: {"p95_ms": 500.0, "per_second": 14_000, "speed": 1.1})
    monkeypatch.setattr("sys.argv", ["world", *asked, "--json", "--check"])
    world.main()
    assert list(json.loads(capsys.readouterr().out)) == told


def test_a_country_that_falls_behind_breaks_its_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    late = {"p95_ms": 500.0, "per_second": 9_860, "speed": 0.77}
    assert len(world.over_limits("country", late)) == 2
