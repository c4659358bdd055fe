"""A wrong file says which file, which line or key, what was found and what is expected."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest

from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError, load, load_folder
from cockpit.profiles.load import ROOT

DEEP = "[" * 5000 + "]" * 5000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "quang_ninh", tmp_path / "quang_ninh")


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(ProfileError) as caught:
        checked(load_folder(folder))
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "rules.toml",
            'kind = "incoming"',
            'kind = "source_silent"',
            "a rule of a kind that takes up alerts of other systems",
        ),
        ("profile.toml", 'unit_label = "unit"', "unit_label = 7", "profile.toml"),
        (
            "indicators.toml",
            ", days = 30 }",
            " }",
            "I08 key counts.on_time.days: found nothing, expected a value",
        ),
        (
            "profile.toml",
            'to = "unit_leader", after_s = 300',
            'to = "unit_leader", after_s = 20',
            "profile.toml [escalation] key critical: found 'unit_leader after 20 s, leader after 900 s'",
        ),
        ("units.csv", "06652,phuong", "06652,ward", "units.csv line 2, column kind: found 'ward'"),
        ("units.csv", ",37.60,", ",3_7.60,", "units.csv line 2, column area_km2: found '3_7.60'"),
        ("units.csv", "Phường Hà Tu", '"Phường Hà Tu', "units.csv after line "),
        pytest.param("rules.toml", "[[rule]]", f"x = {DEEP}\n[[rule]]", "rules.toml: found lists", id="deep"),
        pytest.param(
            "profile.toml", "code =", f"code{'.a' * 2000} =", "profile.toml: found lists", id="dots"
        ),
        ("units.csv", "37.60", "many", "units.csv line 2, column area_km2: found 'many', expected a number"),
        ("units.csv", ",37.60,", ",nan,", "units.csv line 2, column area_km2: found 'nan'"),
        ("units.csv", "29643", "29644", "units.csv total of population: found 1497448, expected 1497447"),
        ("units.csv", "06658,", "06652,", "units.csv key code: found '06652', expected each only once"),
        ("units.csv", "20.9627,107.1593", "20.9627", "units.csv line 2: found 8 columns, expected 9"),
        ("units.csv", "code,kind", "ma,kind", "units.csv line 1: found ma,kind"),
        ("units.csv", "code,kind", "ma,kind", "lat,lon: add code and take out ma"),
        ("places.csv", "code,unit,", "unit,code,", "road: put them in this order, each once"),
        ("units.csv", "20.9627", "10.5", "units.csv unit 06652, lat lon: found (10.5"),
        (
            "metrics.toml",
            "scale = 10,",
            'scale = "ten",',
            "metrics.toml [[metric]] fps key scale: found 'ten'",
        ),
        ("metrics.toml", "id = 2,", "id = 1,", "metrics.toml key id: found 1, expected each only once"),
        ("metrics.toml", 'kinds = ["camera"]', 'kinds = ["kamera"]', "key kinds: found 'kamera'"),
        ("metrics.toml", "lo = 0, hi = 120", "lo = 200, hi = 120", "[[metric]] fps key lo: found 200"),
        ("sources.toml", 'owner = "ioc"', 'owner = "nobody"', "[[source]] cockpit key owner: found 'nobody'"),
        ("sources.toml", "late_s = 180", "late_s = 5", "[[source]] cockpit key rhythm_s, late_s, silent_s"),
        (
            "sources.toml",
            'kind = "computed"',
            'kind = "guessed"',
            "[[source]] cockpit key kind: found 'guessed'",
        ),
        ("sources.toml", "rhythm_s = 60", "rhytm_s = 60", "key rhytm_s: found an unknown key"),
        ("indicators.toml", 'of = ["I02"', 'of = ["I99"', "[[indicator]] I01 key measure.of: found 'I99'"),
        ("indicators.toml", 'kind = "composite"', 'kind = "magic"', "key measure.kind: found 'magic'"),
        (
            "indicators.toml",
            'counted = "on_time"',
            'counted = "fast"',
            "[[indicator]] I08 key counts.on_time.counted: found 'fast', expected one of received,",
        ),
        (
            "indicators.toml",
            'sources = ["dvcqg"]',
            'sources = ["x"]',
            "[[indicator]] I01 key sources: found 'x'",
        ),
        (
            "indicators.toml",
            "headline = 2",
            "headline = 1",
            "key headline: found 1, expected a place not taken",
        ),
        ("indicators.toml", "watch = 80", "watch = 99", "[[indicator]] I01 key watch: found 99"),
        ("rules.toml", 'metric = "up"', 'metric = "fps"', "[[rule]] link-down key metric: found 'fps'"),
        ("rules.toml", "clear_at = 80", "clear_at = 95", "[[rule]] link-busy key clear_at: found 95"),
        (
            "rules.toml",
            'metric = "I42"',
            'metric = "I77"',
            "[[rule]] cameras-online-low key metric: found 'I77'",
        ),
        ("facts.toml", "done = 11", "done = 30", "[[fact]] F1 key done: found 30"),
        ("indices.toml", "total = 80.1", "total = 81.1", "quang_nam_2024 key total: found '81.1 and tot'"),
        ("indices.toml", 'grade = "tot"', 'grade = "kha"', "expected 80.1 and tot, as its points make"),
        ("indices.toml", "dti = 0.7024", "dti = 0.7042", "quang_ninh_2022 key dti: found 0.7042, expected"),
        ("indices.toml", "economy = 0.7187", "people = 0.7187", "key pillars.people: found 0.7187"),
        (
            "indices.toml",
            'total = "I01"',
            'total = "I99"',
            "[service] key total: found 'I99', expected a code",
        ),
        ("indices.toml", 'on_time = "I08"', 'on_time = "I09"', "key parts.on_time: found 'I09', expected"),
        (
            "indices.toml",
            'payment = "I05", ',
            "",
            "key components: found 'no payment', expected each of openness",
        ),
        ("indices.toml", "[dti]", "[dty]", "indices.toml key dty: found an unknown key, expected one of"),
        ("service_parts.csv", "346,355", "356,355", "line 2, column done: found '356', expected 0 or more"),
        (
            "service_parts.csv",
            "06652,published",
            "06652,paid",
            "column part: found 'paid', expected one that",
        ),
        ("service_parts.csv", "06652,offered", "06652,published", "line 4, column part: found 'published'"),
        ("service_parts.csv", "06652,published", "99999,published", "column unit: found '99999'"),
        ("profile.toml", "minutes = 60", "minutes = -1", "[reporting] key minutes: found -1, expected 0 to"),
        ("profile.toml", "minutes = 60", "minute = 60", "profile.toml [reporting] key minute"),
        ("profile.toml", 'fact = "F26"', 'fact = "F999"', "[[coverage.goals]] 1 key fact: found 'F999'"),
        ("profile.toml", 'unit = "07192"', 'unit = "99999"', "[[coverage.goals]] 1 key unit: found '99999'"),
        ("profile.toml", "bad_dbm = -110", "bad_dbm = -90", "profile.toml [coverage] key bad_dbm: found -90"),
        ("profile.toml", 'code = "standard"', 'code = "medium"', "key code: found 'basic, medium, advanced'"),
        ("profile.toml", "down_mbps = 15", "down_mbps = 4", "key down_mbps: found [2.5, 5.0, 4.0]"),
        ("profile.toml", "levels_source", "# levels_source", "[coverage] key levels_source: found nothing"),
        ("profile.toml", "demo = true", 'demo = "yes"', "profile.toml key demo: found 'yes', expected bool"),
        ("profile.toml", "utc_offset_s = 25200", "utc_offset_s = 27000", "key utc_offset_s: found 27000"),
        ("profile.toml", "phuong = 30", "phuong = 31", "units.csv total of phuong: found 30, expected 31"),
        ("assets/cameras.csv", "rec-001", "rec-999", "cam-00001, column depends_on: found 'rec-999'"),
        (
            "assets/cameras.csv",
            "5001,",
            "x,",
            "cameras.csv line 2, column id: found 'x', expected a whole number",
        ),
        ("assets/cameras.csv", "5001,", "5_001,", "cameras.csv line 2, column id: found '5_001'"),
        ("assets/cameras.csv", ",20.9", ",2_0.9", "column lat: found '2_0.9"),
        ("assets/cameras.csv", ",107.", ",1_07.", "column lon: found '1_07."),
        ("assets/systems.csv", ",ioc-co-to,3600", ",ioc-co-to,3_600", "column rhythm_s: found '3_600'"),
        (
            "units.csv",
            "06652,",
            "٠٦٦٥٢,",
            "units.csv line 2, column code: found '٠٦٦٥٢', expected five digits",
        ),
        ("assets/cameras.csv", "5001,", "5002,", "assets key id: found 5002, expected each only once"),
        ("assets/systems.csv", ",ioc-co-to,3600", ",nothing,3600", "systems.csv line 2, column source"),
        ("assets/systems.csv", "khach_dao", "gold", "asset sys-ioc-co-to, column metrics: found 'gold'"),
        ("places.csv", "-01,06652,", "-01,99999,", "column unit: found '99999'"),
        ("rules.toml", "raise_at = 0.6", "raise_at = 60", "feeder-out key raise_at: found 60"),
        ("rules.toml", 'asset_kind = "feeder"', 'asset_kind = "camera"', "feeder-out key asset_kind: found"),
        (
            "rules.toml",
            'metric = "power_ok"\nop = ">"',
            'metric = "up_ok"\nop = ">"',
            "feeder-out key metric: found",
        ),
        ("rules.toml", "least = 2\n", "least = 1\n", "feeder-out key least: found 1, expected 2 or more"),
        (
            "rules.toml",
            "1\nfor_s = 180",
            "1\nfor_s = 30",
            "source-lag key for_s: found 30, expected 60 or more",
        ),
        ("rules.toml", "least = 20\n", "", "source-flood key least: found 0, expected 1 or more"),
        ("rules.toml", "raise_at = 120\n", "", "clock-skew key op, raise_at, clear_at: found"),
        (
            "sources.toml",
            'records = ["dossier"]',
            'records = ["payment"]',
            "key records: found 'payment'",
        ),
        (
            "sources.toml",
            'records = ["dossier"]',
            'records = ["Hồ sơ"]',
            "key records: found 'Hồ sơ'",
        ),
        ("sources.toml", 'records = ["payment"]\n', "", "thanh-toan key per_hour: found 60.5"),
        (
            "sources.toml",
            'records = ["feedback"]\n',
            "",
            "I21 key sources: found ('phan-anh',)",
        ),
        ("sources.toml", 'reports = ["I55"]', 'reports = ["I99"]', "dti key reports: found 'I99'"),
        ("sources.toml", 'reports = ["I55"]', 'reports = ["I55", "I01"]', "dti key reports: found 'I01'"),
        ("sources.toml", 'reports = ["I55"]', 'reports = ["I55", "I39"]', "dti key reports: found 'I39'"),
        ("sources.toml", 'reports = ["I55"]\n', "", "[[indicator]] I55 key sources: found ('dti',)"),
        ("sources.toml", 'reports = ["I23"]\n', "", "[[indicator]] I23 key compared: found True"),
        ("indicators.toml", "compared = true\n", "", "bao-cao key reports: found 'I08'"),
        (
            "indicators.toml",
            'sources = ["van-ban"]',
            'sources = ["dvcqg"]',
            "I23 key sources: found",
        ),
        (
            "indicators.toml",
            'sources = ["cam-vms"]',
            'sources = ["host"]',
            "I42 key sources: found",
        ),
        ("rules.toml", 'kind = "group"', 'kind = "crowd"', "[[rule]] feeder-out key kind: found 'crowd'"),
    ],
)
def test_the_mistake_is_named(folder: Path, file: str, old: str, new: str, said: str) -> None:
    change(folder / file, old, new)
    found = problems(folder)
    assert said in found
    assert "expected" in found


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder / "units.csv", "37.60", "many")
    change(folder / "metrics.toml", "scale = 10,", 'scale = "ten",')
    change(folder / "sources.toml", 'owner = "ioc"', 'owner = "nobody"')
    found = problems(folder)
    for file in ("units.csv", "metrics.toml", "sources.toml"):
        assert file in found


def test_broken_toml_is_named_with_its_line(folder: Path) -> None:
    change(folder / "rules.toml", "[[rule]]", "[[rule]")
    assert "rules.toml: found" in problems(folder)
    assert "line" in problems(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "places.csv").unlink()
    assert "places.csv: found no such file" in problems(folder)


def test_decomposed_accents_are_refused(folder: Path) -> None:
    change(folder / "units.csv", "Phường Hà Tu", unicodedata.normalize("NFD", "Phường Hà Tu"))
    assert "units.csv line 2: found decomposed accents" in problems(folder)


def test_a_circle_of_dependencies_is_shown(folder: Path) -> None:
    file = folder / "assets" / "feeders.csv"
    first = file.read_text("utf-8").splitlines()[1]
    change(file, first, first + "cam-00001")
    found = problems(folder)
    assert "column depends_on: found" in found
    assert "→" in found


def test_unknown_profiles_and_sizes_are_refused() -> None:
    with pytest.raises(ProfileError, match="quang_ninh"):
        load("atlantis")
    with pytest.raises(ProfileError, match="district, province, region, country"):
        load("quang_ninh", "galaxy")


def test_a_profile_is_a_name_or_the_path_of_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(str(folder)).folder == folder
    monkeypatch.chdir(folder.parent)
    folder.rename("tinh_khac")
    assert load("./tinh_khac").code == "quang_ninh"
    with pytest.raises(ProfileError, match=r"the folder of that name is \./tinh_khac"):
        load("tinh_khac")
    with pytest.raises(ProfileError, match=r"no such profile, expected .* a folder that holds profile\.toml"):
        load("./tinh_nao")


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    for name in ("units.csv", "profile.toml", "rules.toml"):
        file = folder / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(load_folder(folder).units) == 54
