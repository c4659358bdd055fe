"""The page of sources shows what each sends, and lists devices that no other page has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.catalog import series_of
from cockpit.domain.periods import HOUR_MS
from cockpit.store.batch import Draft, Rollup
from cockpit.ui import live
from tests.pages.conftest import NOW_MS
from tests.store import inside
from tests.waiting import PATIENCE_S

Visit = Callable[..., AppTest]


def table(app: AppTest, *columns: str) -> Any:
    """The one that has these columns."""
    (found,) = (d.value for d in app.dataframe if {*columns} <= {*d.value.columns})
    return found


@pytest.mark.parametrize(("lang", "value"), [("vi", "54.899"), ("en", "54,899")])
def test_visitors_are_on_the_page_of_their_source(visit: Visit, cockpit: Any, lang: str, value: str) -> None:
    profile = cockpit.profile
    system = next(a for a in profile.assets if a.source == "du-lich")
    metric = profile.metric["khach"]
    row = (series_of(system.id, metric.id), NOW_MS, NOW_MS, 54_899 * metric.scale)
    inside.put_latest(cockpit.store, [row])
    shown = table(visit("sources", id="du-lich", lang=lang), "trend", "asof")
    line = next(r for _, r in shown.iterrows() if r["name"] == metric.name.get(lang))
    assert value in line["value"]


def test_loudspeakers_are_listed(visit: Visit, cockpit: Any) -> None:
    shown = table(visit("sources", id="loa-truyen-thanh"), "unit", "volume_db")
    assert len(shown) == sum(a.kind == "loudspeaker" for a in cockpit.profile.assets)
    assert {"name", "unit", "state", "last", "online", "volume_db"} <= set(shown.columns)


def test_people_present_at_offices_are_listed_hour_by_hour(visit: Visit, cockpit: Any) -> None:
    profile, system = cockpit.profile, cockpit.profile.asset["sys-cham-cong"]
    metric = profile.metric["nguoi_co_mat"]
    day = (NOW_MS + 7 * HOUR_MS) // (24 * HOUR_MS)
    hours = np.zeros((4, 24), np.int64)
    hours[:, :3] = [[12] * 3, [12 * 5_000] * 3, [5_000] * 3, [5_000] * 3]
    draft = Draft()
    draft.event(41, profile.source["cham-cong"].id, day * 24 * HOUR_MS, NOW_MS)
    batch = draft.batch()
    batch.rollups.append((0, Rollup(system.id, day, {metric.id: hours})))
    cockpit.store.append(batch).result(PATIENCE_S)
    cockpit.store.flush()
    live.forget()
    shown = table(visit("sources", id="cham-cong"), "hour", metric.code)
    assert list(shown[metric.code]) == ["5.000"] * 3
