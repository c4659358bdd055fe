"""Citizens complain where something is broken, and the ordinary province stays as it was."""

import json
import unicodedata
from typing import Any

import numpy as np
import pytest

from cockpit.profiles import Profile
from simulator.complaints import NOTICE_MS, OVER_MS, RATES
from simulator.episodes import OPEN_MS, Episode
from simulator.kinds import KINDS
from simulator.people import since_when, texts
from simulator.play import Play
from simulator.troubles import DARK_MS, NOTICED, Finder
from tests.simulator.conftest import ZONE, at

HOUR = 3_600_000
ONSET = at("2026-11-19T09:00:00")
DAY = at("2026-11-19T00:00:00"), at("2026-11-21T00:00:00")
Told = dict[tuple[str, str], dict[str, Any]]  # events by source and id


def fault(kind: str, subject: str, hours: float = 6.0, **more: Any) -> Episode:
    return Episode(f"order-{kind}", kind, subject, ONSET, 0, int(hours * HOUR), 0, **more)


def told(play: Play, *episodes: Episode, span: tuple[int, int] = DAY) -> Told:
    play.obey(episodes)
    found = {}
    for chunk in play.daybook.window(*span):
        for line in chunk.lines:
            event = json.loads(line)
            found[event["source"], event["id"]] = event
    play.obey(())
    return found


@pytest.fixture(scope="module")
def calm(province_play: Play) -> Told:
    return told(province_play)


def complaints(found: Told, calm: Told) -> list[dict[str, Any]]:
    new = [e for key, e in found.items() if key not in calm and e["data"]["kind"] == "feedback"]
    return [e for e in new if e["data"]["state"] == "received"]


def test_a_power_cut_makes_its_unit_complain_and_no_other(province_play: Play, calm: Told) -> None:
    found = told(province_play, fault("feeder_out", "feeder-06652"))
    written = [e for e in complaints(found, calm) if e["data"]["fields"]["field"] == "dien_chieu_sang"]
    assert 5 <= len(written) <= 25  # an ordinary day brings one
    assert {e["data"]["unit"] for e in written} == {"06652"}
    times = np.array([at(e["time"][:23]) for e in written]) - ONSET
    assert times.min() >= NOTICE_MS
    assert times.max() < 6 * HOUR + OVER_MS
    assert (times < 2 * HOUR).mean() > 0.35


def test_complaints_follow_people(province_play: Play) -> None:
    finder = Finder(province_play.world)
    large, small = (finder.find([fault("feeder_out", f"feeder-{u}")])[0].people for u in ("06673", "07192"))
    assert large > 5 * small
    site = finder.find([fault("site_silent", "site-0001")])
    assert len(site) == 1
    assert site[0].operator == "viettel"
    assert site[0].people < 0.2 * province_play.profile.unit["06652"].population


def test_by_night_people_sleep(province_play: Play) -> None:
    late = Episode("night", "feeder_out", "feeder-06652", at("2026-11-19T23:00:00"), 0, 9 * HOUR, 0)
    cut = Finder(province_play.world).find([late])
    times = province_play.complaints._written([t for t in cut if t.sort == "power"])[2]
    assert len(times)
    morning = at("2026-11-20T06:00:00")
    assert (times < morning).sum() <= (times >= morning).sum()


def test_a_dark_camera_district_is_noticed_after_an_hour(province_play: Play) -> None:
    finder = Finder(province_play.world)
    recorders = [a.code for a in province_play.profile.assets if a.kind == "recorder" and a.unit == "06652"]
    dark = [t for t in finder.find([fault("recorder_silent", c) for c in recorders]) if t.sort == "camera"]
    assert [(t.start, t.since) for t in dark] == [(ONSET + DARK_MS, ONSET)]
    one = province_play.profile.asset["cam-00001"]
    assert not [t for t in finder.find([fault("camera_silent", one.code)]) if t.sort == "camera"]
    cameras = [a.code for a in province_play.profile.assets if a.kind == "camera" and a.unit == "06652"]
    vandals = Episode("v", "camera_black", "hidden:vandals", ONSET, 0, 5 * HOUR, 0, touches=tuple(cameras))
    assert [t.sort for t in finder.find([vandals])] == ["camera"]


def test_a_silent_loudspeaker_is_noticed_at_the_next_broadcast(province_play: Play) -> None:
    finder = Finder(province_play.world)
    assert [t.start for t in finder.find([fault("loudspeaker_silent", "loa-001", 12)])] == [
        at("2026-11-19T17:00:00")
    ]
    assert not finder.find([fault("loudspeaker_silent", "loa-001", 2)])


def test_a_system_that_is_down_is_felt_all_over_the_province(province_play: Play, calm: Told) -> None:
    written = complaints(told(province_play, fault("source_silent", "mot-cua", 7)), calm)
    assert len(written) >= 3
    assert len({e["data"]["unit"] for e in written}) > 1
    assert not complaints(told(province_play, fault("source_silent", "cam-vms", 7)), calm)


def test_a_storm_and_a_crowd_bring_complaints_while_they_are_strong(province_play: Play, calm: Told) -> None:
    for kind in ("storm", "crowd"):
        e = Episode(kind, kind, f"hidden:{kind}:06673", ONSET, 2 * HOUR, 4 * HOUR, 2 * HOUR)
        written = complaints(told(province_play, e), calm)
        assert written
        assert {w["data"]["unit"] for w in written} == {"06673"}


def test_without_episodes_nothing_changes_and_taking_them_back_restores_all(
    province_play: Play, calm: Told, province: Profile
) -> None:
    told(province_play, fault("feeder_out", "feeder-06652"), fault("source_silent", "mot-cua"))
    assert told(province_play) == calm
    assert told(Play(province, 7)) == calm


def test_an_order_changes_only_what_is_sent_after_its_onset(province_play: Play, calm: Told) -> None:
    for e in (
        fault("feeder_out", "feeder-06652"),
        fault("source_silent", "mot-cua"),
        Episode("s", "storm", "hidden:storm:06673", ONSET, HOUR, 5 * HOUR, HOUR),
    ):
        found = told(province_play, e)
        before = {k: v for k, v in found.items() if at(v["sent"][:23]) < ONSET}
        assert before == {k: v for k, v in calm.items() if at(v["sent"][:23]) < ONSET}


def test_taking_an_open_order_back_changes_nothing_that_was_sent(province_play: Play) -> None:
    taken = ONSET + 5 * HOUR
    kinds = (("feeder_out", "feeder-06652"), ("source_silent", "mot-cua"), ("link_silent", "link-06673"))
    opened = [Episode(k, k, s, ONSET, 0, OPEN_MS, 0) for k, s in kinds]
    closed = [Episode(k, k, s, ONSET, 0, taken - ONSET, 0) for k, s in kinds]
    during = told(province_play, *opened, span=(DAY[0], taken))
    assert during == told(province_play, *closed, span=(DAY[0], taken))
    assert len(told(province_play, *closed)) > len(told(province_play, *opened))


def test_no_id_and_no_key_is_used_twice(province_play: Play) -> None:
    found = told(
        province_play,
        *(fault("feeder_out", f"feeder-{u.code}") for u in province_play.profile.units[:20]),
        fault("source_silent", "mot-cua"),
    )
    received = [
        e for e in found.values() if e["data"].get("kind") == "feedback" and e["data"]["state"] == "received"
    ]
    keys = [e["data"]["key"] for e in received]
    assert len(keys) > 100
    assert len(keys) == len(set(keys))
    assert all(e["subject"] == f"feedback/{e['data']['key']}" for e in received)


def test_every_complaint_is_written_in_whole_sentences(province_play: Play) -> None:
    about = {group["about"] for group in texts()["complaint"]}
    assert about == {*RATES, "late"}
    for group in texts()["complaint"]:
        for text in group["texts"]:
            assert unicodedata.normalize("NFC", text) == text
            assert text.endswith(".")
            assert "  " not in text
            filled = text.format(at="a", unit="u", operator="o", since="s", dossier="d")
            assert "{" not in filled
    onset = at("2026-11-19T22:10:00")
    assert since_when(onset, onset + HOUR, ZONE) == "từ khoảng 22 giờ"
    assert since_when(onset, onset + 4 * HOUR, ZONE) == "từ khoảng 22 giờ hôm qua"
    assert since_when(onset, onset + 60 * HOUR, ZONE) == "từ ngày 19/11"


def test_every_kind_that_is_noticed_exists(province_play: Play) -> None:
    assert set(KINDS) >= NOTICED
