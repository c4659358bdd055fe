"""The score of a demo on the page of figures about alerts: in a demo alone, with all that went wrong."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.alerting.played import EVERYDAY, Figures, Finding, Played
from cockpit.score.bystander import Judgement
from cockpit.ui import live
from tests.pages.conftest import NOW_MS, Visit, sheets, text

GOOD = Figures(1.0, None, 1.0, 95.0, 120.0, -7.0, 3, 3, 0, 3, 0, 1, 1, 0)
ALL = Figures(0.75, 0.6, 1.0, 95.0, 120.0, -7.0, 4, 3, 0, 3, 2, 1, 1, 0)
HOUR = 3_600_000


def judgement(camera: str) -> Judgement:
    missed = Finding(
        "missed", "camera-silent", camera, "camera_dead", EVERYDAY, NOW_MS - HOUR, NOW_MS, NOW_MS - 9, None
    )
    wrong = Finding("wrong", "source-late", "cam-vms", "", "", NOW_MS - HOUR, None, None, 1)
    counts = {"missed": 1, "wrong": 2, "late": 0, "not_named": 0, "false_resolves": 0}
    return Judgement(
        Played(
            start=NOW_MS - 2 * HOUR, end=NOW_MS, spans=1, whole=True, waiting=4, total=ALL,
            rules={"camera-silent": GOOD}, scenarios={EVERYDAY: GOOD}, counts=counts,
            findings=(missed, wrong),
        ),
        busy=False,
        failed=False,
    )  # fmt: skip


class Judging:
    def __init__(self, told: Judgement) -> None:
        self.told = told

    def look(self) -> Judgement:
        return self.told


@pytest.mark.parametrize(
    ("lang", "said", "everyday"),
    [("vi", "Chưa chấm: 4 cảnh báo", "Tự xảy ra"), ("en", "Not judged yet: 4 alerts", "Happens by itself")],
)
def test_a_demo_tells_its_score_with_what_is_not_judged_yet(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch, lang: str, said: str, everyday: str
) -> None:
    live.forget()
    camera = next(a.code for a in cockpit.profile.assets if a.kind == "camera")
    monkeypatch.setattr(cockpit, "bystander", Judging(judgement(camera)))
    app = visit("kpis", lang=lang)
    assert not app.exception
    shown = text(app)
    assert said in shown
    assert everyday in shown
    assert cockpit.profile.asset[camera].name in shown
    told = sheets(app)
    assert f"/simulator?at={NOW_MS - HOUR}" in told  # nothing opened: its moment on the stage
    assert "/alerts?id=1" in told


def test_a_recording_is_not_judged_and_says_so(visit: Visit) -> None:
    live.forget()
    app = visit("kpis", lang="en")
    assert "nobody knows what really happened" in text(app)


def test_outside_a_demo_there_is_no_word_of_it(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.forget()
    camera = next(a.code for a in cockpit.profile.assets if a.kind == "camera")
    monkeypatch.setattr(cockpit, "demo", None)
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "bystander", Judging(judgement(camera)))
    app = visit("kpis", lang="en", role="operator")
    assert "really played" not in text(app)


def test_the_stage_opens_at_the_moment_that_a_finding_leads_to(visit: Visit) -> None:
    live.forget()
    app = visit("simulator", lang="en", at=str(NOW_MS - HOUR), role="presenter")
    assert not app.exception
    assert "Around 08:00" in text(app)
    assert not visit("simulator", lang="en", at="soon").exception
