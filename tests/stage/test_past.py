"""What a new demo knows of its past: every figure that a screen shows has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.periods import DAY_S
from cockpit.profiles import load
from cockpit.store import Store, meta
from cockpit.views import home, indicators
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import WARM_UP_DAYS, records_of
from tests.clocks import HandClock
from tests.stage.conftest import Demo, running
from tests.store import inside

DAYS = 20
START = "2026-11-18T08:10:00+07:00"
PROFILE = load("quang_ninh", size="district")


def least(code: str) -> int:
    """Points that a trend has at least: a day of the history each, and today's value at their end. What is
    sent once a week or a month begins so much later."""
    indicator = PROFILE.indicator[code]
    if indicator.measure["kind"] == "coverage_gaps" or records_of(
        indicator
    ):  # its first weeks do not compare
        return DAYS - WARM_UP_DAYS
    sent = indicator.measure["kind"] == "latest"
    rhythm = max(PROFILE.source[s].rhythm_s for s in indicator.sources) if sent else DAY_S
    return max(3, DAYS - rhythm // DAY_S)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One whose past is in, and reckoned."""
    data = tmp_path_factory.mktemp("past")
    options = ("--size", "district", "--history", str(DAYS), "--start", START)
    with running(data, *options) as found:
        found.clock(paused=True)

        def history() -> str | None:
            with inside.reading(found.store) as conn:
                return meta.get(conn, "history")

        def reckoned() -> Any:
            tiles = found.must("GET", "home")["tiles"]
            return all(len(tile["spark"]) >= least(tile["code"]) for tile in tiles)

        found.until(lambda: history() == "done", "all of the past")
        found.until(reckoned, "a trend on every tile")
        yield found


@pytest.fixture
def ctx(demo: Demo) -> Iterator[ViewContext]:
    """Its store, as a process beside it reads it."""
    now = demo.meta("engine_domain_ms")
    store = Store(demo.store, PROFILE, HandClock(now), writable=False)
    store.start()
    yield ViewContext(store, PROFILE, now, demo.meta("engine_real_ms"))
    store.close()


def short(figures: tuple[Figure, ...]) -> dict[str, int]:
    """Those with less of a past than they should have, and how much."""
    return {f.code: len(f.spark) for f in figures if len(f.spark) < least(f.code)}


def test_every_tile_of_the_home_page_has_a_trend(demo: Demo, ctx: ViewContext) -> None:
    tiles = home.build(ctx).tiles
    assert {f.code for f in tiles} >= {i.code for i in PROFILE.indicators if i.headline}
    assert not short(tiles)
    told = {tile["code"]: tuple(tile["spark"]) for tile in demo.must("GET", "home")["tiles"]}
    assert {f.code: f.spark[:-1] for f in tiles} == {code: spark[:-1] for code, spark in told.items()}


def test_every_figure_of_the_indicators_page_has_a_trend(demo: Demo, ctx: ViewContext) -> None:
    demo.until(lambda: not short(indicators.build(ctx).figures), "a trend of every figure")

    def differ() -> list[str]:
        """Whose card tells another past than its tile."""
        found = []
        for figure in indicators.build(ctx).figures:
            card = indicators.detail(ctx, figure.code)
            assert card is not None
            if tuple(value for _, value in card.trend)[-len(figure.spark) :] != figure.spark:
                found.append(figure.code)
        return found

    # While the last days of the past come in, a day's figure may change between the two looks.
    demo.until(lambda: not differ(), "one past on tile and card")


def test_what_the_cockpit_says_about_itself_of_days_gone_by_is_what_it_says_now(ctx: ViewContext) -> None:
    """In these weeks no feed fell silent: a past that fell away from the present would only show the way it
    came in."""
    for figure in indicators.build(ctx).figures:
        if figure.code in ("I29", "I30", "I31"):
            assert figure.value is not None
            assert all(abs(value - figure.value) < 5 for value in figure.spark), figure
