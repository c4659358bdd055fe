"""The harness: what comes out depends on what is played alone."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from cockpit.domain.catalog import Asset
from cockpit.profiles import Profile
from cockpit.score.harness import HarnessError, Outcome, run, steps
from tests.engine.world import T0, province

MINUTES = 12


class Played:
    """Cameras, recorders and links at their rhythm; a recorder and all below it silent from minute 2 to 6,
    one camera slow from minute 1 to 9."""

    def __init__(self, profile: Profile) -> None:
        self._senders = [a for a in profile.assets if a.kind in ("camera", "recorder", "link")]
        self._rows = sorted(row for a in self._senders for row in self._of(a))

    def _of(self, a: Asset) -> list[tuple[int, str, str]]:
        rows = []
        code, rhythm, kind = a.code, a.rhythm_s * 1000, a.kind
        for t in range(T0 + a.id * 37 % rhythm, T0 + MINUTES * 60_000, rhythm):
            minute = (t - T0) / 60_000
            if 2 <= minute < 6 and "rec-0" in (code, a.depends_on):
                continue
            values = {"camera": {"fps": 25.0}, "recorder": {"disk": 50.0}, "link": {"up": 1.0}}[kind]
            if code == "cam-20" and 1 <= minute < 9:
                values = {"fps": 5.0}
            at = dt.datetime.fromtimestamp(t / 1000, dt.timezone(dt.timedelta(hours=7)))
            event = {
                "specversion": "1.0", "id": f"{code}-{t}", "source": a.source, "type": "ioc.observation",
                "subject": code, "time": at.isoformat(timespec="milliseconds"),
                "sent": at.isoformat(timespec="milliseconds"), "data": {"values": values},
            }  # fmt: skip
            rows.append((t, code, json.dumps(event)))
        return rows

    def window(self, t0: int, t1: int) -> list[str]:
        return [line for t, _, line in self._rows if t0 <= t < t1]


def played(step_s: int) -> Outcome:
    profile = province()
    return run(profile, Played(profile), T0, T0 + MINUTES * 60_000, step_ms=step_s * 1000)


@pytest.fixture(scope="module")
def minutely() -> Outcome:
    return played(60)


def test_the_alert_log_is_the_same_whatever_the_step(minutely: Outcome) -> None:
    for step_s in (1, 10, 17):
        other = played(step_s)
        assert other.log == minutely.log
        assert other.alerts == minutely.alerts


def test_events_go_in_by_the_door_and_alerts_come_out(minutely: Outcome) -> None:
    assert minutely.refused == {}
    assert minutely.events > 1000
    found = {a.key: a for a in minutely.alerts}
    recorder = found["recorder-silent|rec-0"]
    assert recorder.reason == "cleared"
    below = [found[f"camera-silent|cam-{n}"] for n in range(12)]
    assert {a.cause_at(T0 + 6 * 60_000) for a in below} == {recorder.id}
    assert "fps-low|cam-20" in found


def test_a_body_the_door_refuses_ends_the_run() -> None:
    class Broken:
        def window(self, t0: int, t1: int) -> list[str]:
            return ["no json"]

    with pytest.raises(HarnessError, match="refused"):
        run(province(), Broken(), T0, T0 + 60_000)


def test_what_is_played_at_once_is_cut_by_when_it_was_sent() -> None:
    profile = province()
    play = Played(profile)
    end = T0 + 7 * 60_000 + 30_000
    found = list(steps(play, T0, end, 60_000))
    assert [t for t, _ in found] == [*range(T0 + 60_000, end, 60_000), end]
    for t, lines in found:
        assert lines == play.window(T0 + (t - T0 - 1) // 60_000 * 60_000, t)
