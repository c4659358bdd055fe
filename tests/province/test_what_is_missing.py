"""What a province does not have is not played; what it has wrong is named with file, place and cure."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.profiles import Profile, ProfileError, load
from simulator.episodes import Episode
from simulator.history import History
from simulator.play import Play
from simulator.reading import simulation_of
from tests.province.made import build

NINE = 1_795_053_600_000  # 2026-11-19T09:00:00+07:00
HOUR = 3_600_000


@pytest.fixture(scope="module")
def district() -> Profile:
    return load("quang_ninh", "district")


def told(folder: Path) -> str:
    with pytest.raises(ProfileError) as caught:
        simulation_of(load(str(folder)))
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    "gone", ["feeder", "recorder", "loudspeaker", "link", "camera", "cell", "system", "host"]
)
def test_a_province_without_some_kind_of_devices_plays_whatever_happens(gone: str, district: Profile) -> None:
    left = replace(district, assets=tuple(a for a in district.assets if a.kind != gone))
    play, unit = Play(left, 7), left.units[0].code
    first = {a.kind: a.code for a in reversed(left.assets)}
    kinds = {"feeder": "feeder_out", "link": "link_silent", "site": "power_loss", "camera": "camera_silent"}
    struck = [(kinds[kind], code) for kind, code in first.items() if kind in kinds]
    struck += [("storm", f"hidden:storm:{unit}"), ("source_silent", "mot-cua"), ("source_silent", "ran-oss")]
    play.obey(tuple(Episode(f"{k}:{s}", k, s, NINE - HOUR, 0, 2 * HOUR, 0) for k, s in struck))
    lines = play.window(NINE, NINE + 300_000)
    assert lines
    past = b"".join(History(play, 1, NINE).pieces("core"))
    codes = {a.code for a in district.assets if a.kind == gone and gone != "system"}
    assert not any(f'"subject":"{code}"'.encode() in past or code in "".join(lines) for code in codes)


def test_a_province_without_the_file_plays_its_devices_alone(folder: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(folder, tmp_path / "bare")
    (bare / "simulation.toml").unlink()
    lines = Play(load(str(bare)), 7).window(NINE, NINE + 600_000)
    assert lines
    assert all('"type":"ioc.observation"' in line for line in lines)
    assert not any('"source":"nuoc"' in line or '"source":"so_lieu"' in line for line in lines)


WRONG = {
    'metric = "ho_so_mau"': (
        'metric = "fps"',
        "[[figure]] 1 key metric: found 'fps', expected a metric of systems: ho_so_mau",
    ),
    'shape = "office"': ('shape = "night"', "[[figure]] 1 key shape: found 'night'"),
    "level = 120": ('level = "many"', "[[figure]] 1 key level: found 'many', expected float"),
    'indicator = "I05"': (
        'indicator = "I99"',
        "[[statistic]] 1 key source: found 'bao_cao', expected a source that has I99",
    ),
    'kind = "gauge"': (
        'kind = "buoy"',
        "[[signal]] 1 key kind: found 'buoy', expected a kind of device: link, camera",
    ),
    'metric = "water_cm"': (
        'metric = "fps"',
        "[[signal]] 1 key metric: found 'fps', expected a metric of gauge: water_cm",
    ),
    'source = "mot_cua"': (
        'source = "hinh"',
        "[dossiers] key source: found 'hinh', expected a source that has dossier",
    ),
    "days = 90": ("days = 0", "[dossiers] key days: found 0.0, expected more than 0"),
    "online = 0.6": ("onlin = 0.6", "[dossiers] key onlin: found an unknown key"),
    'source = "may_do"': (
        'source = "hinh"',
        "[phones] key source: found 'hinh', expected a source with samples = true: may_do",
    ),
    "count = 40": ("count = 0", "[phones] key count: found 0, expected 1 or more"),
    "[phones]": ("[telephones]", "key telephones: found an unknown key, expected one of sky, dossiers"),
}


@pytest.mark.parametrize("right", WRONG)
def test_a_mistake_in_what_is_simulated_is_named(right: str, folder: Path, tmp_path: Path) -> None:
    wrong, said = WRONG[right]
    here = shutil.copytree(folder, tmp_path / "wrong")
    text = (here / "simulation.toml").read_text("utf-8")
    assert right in text
    (here / "simulation.toml").write_text(text.replace(right, wrong, 1), "utf-8")
    assert f"simulation.toml {said}" in told(here)
    ran = CliRunner().invoke(main, ["check", "--profile", str(here), "--data-dir", str(tmp_path)])
    assert ran.exit_code == 1
    assert said in ran.output


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("profile.toml", 'attrs = { fps = "number" }', "attrs = {}", "camera key attrs.fps: found nothing"),
        ("assets/sites.csv", ",mang_mau,", ",mang_khac,", "sites.csv asset tram-1, column operator: found"),
    ],
)
def test_what_a_model_needs_of_a_device_is_asked_for(
    file: str, right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    here = build(tmp_path / "tinh_mau")
    text = (here / file).read_text("utf-8")
    assert right in text
    (here / file).write_text(text.replace(right, wrong, 1), "utf-8")
    if "fps" in right:
        cameras = here / "assets" / "cameras.csv"
        rows = [line.rsplit(",", 1)[0] for line in cameras.read_text("utf-8").splitlines()]
        cameras.write_text("\n".join(rows) + "\n", "utf-8")
    assert said in told(here)


def test_maps_and_scenarios_are_checked_too(folder: Path, tmp_path: Path) -> None:
    here = shutil.copytree(folder, tmp_path / "wrong")
    (here / "areas.geojson").unlink()
    with pytest.raises(ProfileError, match=r"areas\.geojson: found no such file, expected GeoJSON"):
        load(str(here))
    (here / "areas.geojson").write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    story = here / "scenarios" / "mau_cut.toml"
    story.write_text(story.read_text("utf-8").replace("99002", "99009"), "utf-8")
    ran = CliRunner().invoke(main, ["check", "--profile", str(here), "--data-dir", str(tmp_path)])
    assert ran.exit_code == 1
    assert "areas.geojson: key features: found nothing, expected one feature for each unit" in ran.output
    assert "mau_cut.toml, line" in ran.output
    assert "found '99009'" in ran.output
