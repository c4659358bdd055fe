"""No feed without a figure: whatever a source may send is on its page, with its value once it has come."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.catalog import Source
from cockpit.profiles import Profile, load
from cockpit.profiles.formulas import counted
from cockpit.store.batch import Draft, Record, Report
from cockpit.ui.words import WORDS
from cockpit.views import source as view
from cockpit.views.source import SourceDetail
from cockpit.views.source_figures import Sent
from tests.province.made import build
from tests.views.province import HOUR, LOCAL_DAY, NOW, Province

PROFILE = load("quang_ninh", size="district")
INWARD = [s.code for s in PROFILE.inputs]


def sends(profile: Profile, source: Source) -> set[str]:
    """Everything that the profile says a source may bring, by code."""
    mine = [a for a in profile.assets if a.source == source.code]
    systems = {m for a in mine if a.kind == "system" for m in str(a.attrs["metrics"]).split()}
    devices = {m.code for m in profile.metrics for a in mine if a.kind != "system" and m.sent_by(a)}
    records = {f"{kind}.{name}" for kind in source.records for name in counted(kind)}
    return systems | devices | records | set(source.reports) | ({"samples"} if source.samples else set())


def page(province: Province, code: str) -> SourceDetail:
    found = view.build(province.ctx, code)
    assert found is not None
    return found


def figure(province: Province, source: str, code: str) -> Sent:
    return next(one for one in page(province, source).sent if one.code == code)


@pytest.mark.parametrize("code", INWARD)
def test_no_source_is_without_a_figure(province: Province, code: str) -> None:
    shown = {one.code for one in page(province, code).sent}
    assert shown == sends(PROFILE, PROFILE.source[code])
    assert shown, f"{code} brings nothing that anybody could see"


def test_every_figure_of_records_has_words_in_both_languages() -> None:
    for kind in {kind for source in PROFILE.sources for kind in source.records}:
        for name in counted(kind):
            assert all(f"sources.counted_{kind}_{name}" in words for words in WORDS.values())


def test_the_sources_of_another_province_show_theirs_too(tmp_path: Path) -> None:
    made = load(str(build(tmp_path / "tinh_mau")))
    province = Province(tmp_path, made)
    try:
        for source in made.inputs:
            shown = {one.code for one in page(province, source.code).sent}
            assert shown == sends(made, source) != set(), source.code
    finally:
        province.store.close()


def test_a_figure_of_a_system_has_its_value_and_its_day(province: Province) -> None:
    (system,) = [a for a in province.kind("system") if a.source == "du-lich"]
    assert figure(province, "du-lich", "khach").value is None, "nothing came: no value"
    province.newest(system, NOW - HOUR, khach=54_899)
    province.hourly(system, "khach", LOCAL_DAY, [1] * 9, value=50_000)
    found = figure(province, "du-lich", "khach")
    assert (found.value, found.asof_ms, found.n) == (54_899, NOW - HOUR, 1)
    assert found.trend == (50_000.0,) * 9


def test_a_figure_of_many_devices_is_their_mean(province: Province) -> None:
    first, second = province.kind("loudspeaker")[:2]
    province.newest(first, NOW, online=1, volume_db=90.0)
    province.newest(second, NOW, online=0, volume_db=70.0)
    online, volume = (figure(province, "loa-truyen-thanh", code) for code in ("online", "volume_db"))
    assert (online.value, online.unit, online.n) == (50.0, "%", 2)
    assert (volume.value, volume.decimals) == (80.0, 1)


def test_loudspeakers_are_a_list_with_volume_and_the_last_broadcast_of_their_unit(province: Province) -> None:
    heard, gone = province.kind("loudspeaker")[:2]
    province.newest(heard, NOW, volume_db=88.5)
    province.freshness(heard, "fresh")
    province.freshness(gone, "silent")
    draft = Draft()
    key = draft.event(5, province.source("loa-truyen-thanh").id, NOW - HOUR, NOW - HOUR)
    batch = draft.batch()
    batch.records = [
        (key, Record("broadcast", "B1", heard.unit, "sent", None, {"title": "Tin bão", "ok": True}))
    ]
    province.store.append(batch).result()
    (listed,) = page(province, "loa-truyen-thanh").devices
    assert (listed.kind, listed.total) == ("loudspeaker", len(province.kind("loudspeaker")))
    assert (listed.devices[0].asset, listed.devices[0].state) == (gone, "silent")
    found = next(d for d in listed.devices if d.asset == heard)
    assert dict(zip([m.code for m in listed.metrics], found.values, strict=True))["volume_db"] == 88.5
    assert found.record is not None
    assert (found.record.updated, found.record.fields["title"]) == (NOW - HOUR, "Tin bão")
    made = figure(province, "loa-truyen-thanh", "broadcast.made")
    assert (made.value, made.trend[-1], len(made.trend)) == (1.0, 1.0, 30)


def test_what_a_source_reported_last_is_shown_with_its_period(province: Province) -> None:
    draft = Draft()
    batch_of = {}
    for n, (source, value) in enumerate((("bao-cao", 61.5), ("thong-ke", 8.8))):
        batch_of[draft.event(n + 1, province.source(source).id, NOW, NOW)] = Report(
            "I53" if source == "bao-cao" else "I47", "", "2026-Q3" if n == 0 else "2025", value, "Hà", ""
        )
    batch = draft.batch()
    batch.reports = list(batch_of.items())
    province.store.append(batch).result()
    found = figure(province, "bao-cao", "I53")
    assert (found.value, found.period, found.unit) == (61.5, "2026-Q3", "%")
    assert figure(province, "thong-ke", "I47").value == 8.8
