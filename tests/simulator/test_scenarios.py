"""Scenarios: those that come with the simulator play in every size; mistakes are named by place and cure."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cockpit.cli.simulate import simulate
from cockpit.profiles import Profile
from simulator.kinds import KINDS
from simulator.scenario import ScenarioError, cast, draw, load_scenario, names
from simulator.scenario.model import Fix
from simulator.scenario.wind import blown, wind_ms
from tests.simulator.golden import STORIES

HOUR = 3_600_000
GOOD = """
name = { vi = "Thử", en = "A try" }
story = { vi = "Một câu chuyện.", en = "A story." }
seed = 1
start = "2026-11-19T09:00:00+07:00"
length = "2h"

[[fault]]
kind = "camera_silent"
label = { vi = "Camera", en = "Cameras" }
select = { kind = "camera", unit = "06652", count = 3 }
at = "1h30m"
hold = "90s"

[[note]]
at = "10m"
text = { vi = "Nói gì đó.", en = "Say something." }
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own_story.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sixteen_stories_are_offered_in_the_province_and_the_quiet_day_first(province: Profile) -> None:
    assert names(province) == [
        "quiet_day", "antenna_tilt", "camera_vandals", "false_alarm_storm", "fibre_ring_cut",
        "firmware_clock", "lying_feed", "month_end_system_down", "new_commune_office", "new_site",
        "power_and_battery", "resend_loop", "tet_traffic", "two_faults", "typhoon_co_to",
        "working_morning",
    ]  # fmt: skip
    assert names() == ["quiet_day", "camera_vandals", "firmware_clock"]


def test_a_general_story_names_nothing_of_any_province() -> None:
    for story in map(load_scenario, names()):
        assert not story.track
        for step in story.steps:
            chosen = step.selector
            assert (chosen.units, chosen.ids, chosen.near) == ((), (), None), (story.code, step.where)


@pytest.mark.parametrize("code", STORIES)
def test_a_story_is_told_in_both_languages_and_begins_in_time(code: str, district: Profile) -> None:
    story = load_scenario(code, district)
    spoken = [story.name, story.story, *(s.label for s in story.steps), *(n.text for n in story.notes)]
    assert all(text.vi.strip() and text.en.strip() and text.vi != text.en for text in spoken)
    assert story.notes
    assert all(step.at_ms <= 6 * HOUR for step in story.steps)
    assert all(note.at_ms <= story.length_ms for note in story.notes)


@pytest.mark.parametrize("code", STORIES)
@pytest.mark.parametrize("size", ["district", "province"])
def test_a_story_plays_in_every_size(code: str, size: str, request: pytest.FixtureRequest) -> None:
    profile = request.getfixturevalue(size)
    story = load_scenario(code, profile)
    episodes = cast([(story, story.start_ms)], profile, 7)
    assert bool(episodes) == bool(story.steps)
    assert len({e.id for e in episodes}) == len(episodes)
    known = {*profile.asset, *profile.source}
    for e in episodes:
        assert e.kind in KINDS
        assert e.hidden or e.subject in known
        assert story.start_ms <= e.start_ms <= story.start_ms + 6.5 * HOUR
        assert e.scenario == code


def test_casting_is_always_the_same(province: Profile) -> None:
    stories = [(load_scenario(code, province), 1_794_000_000_000) for code in STORIES]
    first = cast(stories, province, 7)
    assert cast(stories, province, 7) == first
    assert cast(stories, province, 8) != first


def test_a_story_moves_with_its_anchor(district: Profile) -> None:
    story = load_scenario("two_faults", district)
    here, there = (cast([(story, t)], district, 7) for t in (story.start_ms, story.start_ms + HOUR))
    assert [e.start_ms + HOUR for e in here] == [e.start_ms for e in there]
    assert [e.id for e in here] == [e.id for e in there]


def place(province: Profile, code: str) -> tuple[float, float]:
    """Latitude and longitude of an asset that has them."""
    asset = province.asset[code]
    assert asset.lat is not None
    assert asset.lon is not None
    return asset.lat, asset.lon


def test_what_is_wanted_is_what_is_selected(tmp_path: Path, province: Profile) -> None:
    episodes = cast([(load_scenario(written(tmp_path, GOOD)), 0)], province, 7)
    assert len(episodes) == 3
    assert {province.asset[e.subject].unit for e in episodes} == {"06652"}
    assert {(e.start_ms, e.hold_ms) for e in episodes} == {(90 * 60_000, 90_000)}
    near = GOOD.replace('unit = "06652"', "near = { lat = 20.96, lon = 107.16, within_km = 5 }")
    found = cast([(load_scenario(written(tmp_path, near)), 0)], province, 7)
    away = [
        abs(place(province, e.subject)[0] - 20.96) + abs(place(province, e.subject)[1] - 107.16)
        for e in found
    ]
    assert max(away) < 0.02  # the nearest three of hundreds
    share = GOOD.replace('unit = "06652", count = 3', "share = 0.1")
    assert len(cast([(load_scenario(written(tmp_path, share)), 0)], province, 7)) == 120


WRONG = {
    'kind = "camera_silent"': ('kind = "camera_silnt"', 9, "'camera_silnt'", "Did you mean 'camera_silent'?"),
    'hold = "90s"': ('hold = "90"', 13, "'90'", "with its unit"),
    'length = "2h"\n': ('length = "0s"\n', 6, "no time at all", "length = "),
    'at = "1h30m"\n': ('at = "3h"\n', 12, "after the scenario's end", "earlier"),
    'hold = "90s"\n': ('hold = "0s"\n', 13, "lasts no time", "hold = "),
    'at = "1h30m"': ("at = 5400", 12, "5400", "1h30m"),
    '"1h30m"': ('"١h"', 12, "'١h'", "with its unit"),
    '"90s"': (f'"{"9" * 400}s"', 13, "999", "with its unit"),
    "count = 3": ("cuont = 3", 11, "a key nobody knows", "Did you mean 'count'?"),
    'kind = "camera", unit': ('kind = "site", unit', 11, "'site'", "camera"),
    'length = "2h"': ("", 1, "nothing", "Add the key."),
    '+07:00"': ('"', 5, "a time without offset", "Add +07:00."),
    ', en = "A story." }': (" }", 3, "{'vi':", "both languages"),
    "[[note]]": ("[[nota]]", 1, "a key nobody knows", "Did you mean 'note'?"),
    "seed = 1": ('seed = "1"', 4, "'1'", "whole number"),
}


@pytest.mark.parametrize("right", WRONG)
def test_a_mistake_is_named_with_file_line_and_cure(right: str, tmp_path: Path) -> None:
    wrong, line, found, cure = WRONG[right]
    path = written(tmp_path, GOOD.replace(right, wrong, 1))
    with pytest.raises(ScenarioError) as error:
        load_scenario(path)
    text = str(error.value)
    assert re.match(rf".*own_story\.toml, line {line}: ", text), text
    assert found in text
    assert cure in text


def test_a_mark_at_the_head_of_the_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "own_story.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_scenario(str(path)).name.en == "A try"


def test_a_code_that_is_nearly_right_is_guessed() -> None:
    with pytest.raises(ScenarioError, match=r"Did you mean 'quiet_day'\?"):
        load_scenario("quiet_dya")


def test_no_toml_and_no_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no TOML.*line 2"):
        load_scenario(written(tmp_path, "\nname = \n"))
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match=r"other\.toml.*UTF-8"):
        load_scenario(tmp_path / "other.toml")
    with pytest.raises(ScenarioError, match=r"none\.toml.*No such file"):
        load_scenario(tmp_path / "none.toml")
    with pytest.raises(ScenarioError, match="one of quiet_day"):
        load_scenario("earthquake")


@pytest.mark.parametrize(
    "more",
    ["x = " + "[" * 5000 + "]" * 5000, "[" + "a." * 5000 + "a]\nb = 1", "x = " + "1" * 6000],
    ids=["brackets", "dots", "digits"],
)
def test_a_file_of_absurd_depth_is_refused_by_the_command(more: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"{more}\n{GOOD}" if more[0] == "x" else f"{GOOD}\n{more}\n")
    ran = CliRunner().invoke(simulate, ["--scenario", str(path), "--for", "1s", "--out", "-"])
    assert (ran.exit_code, type(ran.exception)) == (2, SystemExit)
    assert "own_story.toml: found no TOML: " in ran.output


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('unit = "06652"', 'unit = "99999"', "99999"),
        ('unit = "06652", count = 3', 'id = "cam-99999"', "an id of quang_ninh|cam-99999"),
        ('unit = "06652"', 'unit = "07192"', "no camera that fits in quang_ninh, size district"),
    ],
)
def test_a_selector_that_finds_nothing_says_so(
    right: str, wrong: str, says: str, tmp_path: Path, district: Profile
) -> None:
    story = load_scenario(written(tmp_path, GOOD.replace(right, wrong)))
    with pytest.raises(ScenarioError, match=says):
        cast([(story, 0)], district, 7)


def test_only_feeds_of_devices_can_flood(tmp_path: Path, district: Profile) -> None:
    text = GOOD.replace("camera_silent", "flood").replace(
        'kind = "camera", unit = "06652", count = 3', 'kind = "source", id = "mot-cua"'
    )
    with pytest.raises(ScenarioError, match="a feed of devices: cam-vms"):
        cast([(load_scenario(written(tmp_path, text)), 0)], district, 7)


def test_the_wind_is_strongest_at_its_radius_and_moves_on() -> None:
    track = (Fix(0, 21.0, 108.0, 40.0, 30.0), Fix(4 * HOUR, 21.0, 107.0, 20.0, 30.0))
    lat = np.array([21.0, 21.0, 21.0])
    lon = np.array([108.0, 108.0 + 30 / 111.2 / 0.9336, 109.5])
    wind = wind_ms(track, 0, lat, lon)
    assert wind[0] < 1
    assert wind[1] == pytest.approx(40, abs=0.2)
    assert 15 < wind[2] < 25
    first, last = blown(track, np.array([21.0, 21.0]), np.array([107.8, 107.2]), np.array([25.0, 25.0]), 0)
    assert 0 <= first[0] < first[1] < last[1] <= 4 * HOUR


def test_the_storm_comes_from_the_sea(province: Profile) -> None:
    story = load_scenario("typhoon_co_to", province)
    episodes = [e for e in cast([(story, 0)], province, 7) if e.kind == "feeder_out"]
    when = {e.subject: e.start_ms for e in episodes}
    east = [t for code, t in when.items() if place(province, code)[1] > 107.4]
    west = [t for code, t in when.items() if place(province, code)[1] < 107.0]
    assert np.mean(east) + HOUR < np.mean(west)


def test_drawn_scenarios_are_as_many_as_wanted_and_differ(district: Profile) -> None:
    drawn = draw(district, 5, 6)
    assert len({tuple(s.kind for s in d.steps) for d in drawn}) > 3
    for d in drawn:
        assert len(d.steps) == 5
        assert cast([(d, d.start_ms)], district, 5)
        subjects = [s.selector.ids[0] for s in d.steps]
        assert len(set(subjects)) == len(subjects)
    assert draw(district, 5, 3) == drawn[:3]


def test_a_province_is_offered_its_own_stories_and_those_it_can_play(
    province: Profile, tmp_path: Path
) -> None:
    seeing = [a for a in province.assets if a.kind not in ("recorder", "loudspeaker")]
    other = replace(province, folder=tmp_path, assets=tuple(seeing))
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "flood_tide.toml").write_text(GOOD, "utf-8")
    assert names(other) == ["quiet_day", "flood_tide"]
    assert load_scenario("flood_tide", other).name.en == "A try"
    with pytest.raises(ScenarioError, match="no such scenario, expected one of quiet_day, flood_tide"):
        load_scenario("two_faults", other)
    assert "flood_tide" not in names(province)
