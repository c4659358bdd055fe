"""A second province is a folder: one that is made up is checked, played, scored and shown by the product as
it is, without a word of it in the code."""

from __future__ import annotations

import json
import re
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from cockpit import ROOT, boot
from cockpit.bench import processes
from cockpit.cli import main
from cockpit.config import from_env
from cockpit.profiles import Profile
from cockpit.store import StoreError
from cockpit.ui import nav
from tests.pages.conftest import sheets
from tests.province.made import CODE, UNITS, ZONE
from tests.waiting import PATIENCE_S, until

STORY, START = "mau_cut", "2026-11-19T09:00:00+08:00"
BROKEN = ("Mã lỗi", "Không tải được ô này", "This panel failed", "logged", "None", "nan ")
DETAILS = {"indicators": "I01", "cameras": "hinh-2-0", "sources": "nuoc", "alerts": "1"}


def ran(*args: str) -> str:
    """What a command says."""
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 0, result.output
    return result.output


def test_it_is_sound_and_what_is_not_played_is_named(folder: Path, tmp_path: Path) -> None:
    said = ran("check", "--profile", str(folder), "--data-dir", str(tmp_path))
    assert f"profile {CODE}: 31 assets, 6 indicators, sound" in said
    assert "simulator: 2 scenarios" in said  # the quiet day and its own: it has no recorders
    assert "nothing is sent of camera dust_pct" in said


def played(folder: Path, out: Path, *more: str) -> list[dict[str, Any]]:
    """The events of half an hour."""
    span = ("--scenario", STORY, "--for", "30m", "--jobs", "1")
    ran("simulate", "--profile", str(folder), *span, "--out", str(out), *more)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_it_is_simulated_with_all_its_devices_in_its_own_zone(
    folder: Path, province: Profile, tmp_path: Path
) -> None:
    events = played(folder, tmp_path / "day.ndjson", "--truth", str(tmp_path / "truth.jsonl"))
    assert {s["source"] for s in events} >= {"hinh", "mang", "song", "nuoc", "so_lieu", "mot_cua", "may_do"}
    sent = [e for e in events if e["type"] == "ioc.observation"]
    assert {province.asset[e["subject"]].kind for e in sent} == set(province.kind)
    assert not any("dust_pct" in e["data"]["values"] for e in sent)
    assert {e["time"][-6:] for e in events} == {e["sent"][-6:] for e in events} == {ZONE}
    levels = [e["data"]["values"]["water_cm"] for e in sent if e["subject"] == "nuoc-1"]
    assert len(levels) == 15
    assert all(100 < level < 320 for level in levels)
    dark = {e["time"] for e in sent if e["subject"] == "hinh-2-0" and "09:04" < e["time"][11:16] < "09:17"}
    assert dark == set()  # the link before it is cut
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()]
    assert {"link_silent", "link_busy"} <= {line["kind"] for line in truth}
    played(folder, tmp_path / "again.ndjson")
    assert (tmp_path / "again.ndjson").read_bytes() == (tmp_path / "day.ndjson").read_bytes()


def test_its_alerts_are_scored_against_its_own_rules(folder: Path) -> None:
    args = ("--scenario", STORY, "--for", "40m", "--size", "province", "--jobs", "1", "--check", "--json")
    found = json.loads(CliRunner().invoke(main, ("score", "--profile", str(folder), *args)).stdout)
    assert found["settings"]["profile"] == CODE
    assert found["total"]["recall"] == found["total"]["precision"] == 1.0
    assert found["total"]["expected"] >= 2


@dataclass
class Shown:
    """What a demo has said, and where it has left its data."""

    data: Path
    answers: dict[str, Any]
    log: list[dict[str, Any]]


@pytest.fixture(scope="module")
def shown(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """A demo that has played until the cut was found."""
    data = tmp_path_factory.mktemp("demo")
    options = ("--profile", str(folder), "--history", "1", "--start", START, "--speed", "120")
    with processes.running("demo", data, *options, "--scenario", STORY) as cockpit:

        def ask(path: str) -> bytes:
            with urllib.request.urlopen(f"{cockpit.address}/api/v1/{path}", timeout=PATIENCE_S) as answer:
                content: bytes = answer.read()
            return content

        until(lambda: json.loads(ask("home"))["open"] >= 2, "both alerts", cockpit.said)
        answers = {path: json.loads(ask(path)) for path in ("catalog", "home", "scenarios", "indicators/I06")}
        log = [json.loads(line) for line in ask("stage/log").splitlines()]
    return Shown(data, answers, log)


def test_a_demo_plays_it_and_tells_of_it_over_the_wire(shown: Shown, province: Profile) -> None:
    catalog, home = shown.answers["catalog"], shown.answers["home"]
    assert (catalog["profile"], catalog["utc_offset_s"]) == (CODE, 28_800)
    assert [u["code"] for u in catalog["units"]] == [u[0] for u in UNITS]
    assert home["worst"]["alert"]["subject"] == "duong-2"
    assert {s["code"] for s in shown.answers["scenarios"]["scenarios"]} == {"quiet_day", STORY}
    assert shown.log[0]["profile"] == CODE  # the province, wherever its folder lies


def test_a_figure_that_only_the_profile_knows_is_reckoned_and_told_with_its_counts(shown: Shown) -> None:
    found = shown.answers["indicators/I06"]
    told = {part["name"]["vi"]: part["value"] for part in found["parts"]}
    assert found["value"] == told["hồ sơ đã nhận"] - told["hồ sơ đã xong"] > 0
    assert found["value"] == sum(unit["value"] for unit in found["units"])
    assert {p["period"]["span"] for p in found["periods"]} >= {"month", "year"}


def test_its_data_are_not_taken_for_those_of_another_province(shown: Shown, tmp_path: Path) -> None:
    for name in ("cockpit.db", "cockpit.db-wal"):
        if (shown.data / name).exists():
            shutil.copy(shown.data / name, tmp_path)
    made = boot.Lifecycle(from_env({"COCKPIT_DATA_DIR": str(tmp_path), "COCKPIT_NO_SIMULATOR": "1"}))
    told = f"the province {CODE}, not of quang_ninh"
    try:
        with pytest.raises(StoreError, match=told):
            made.start()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def cockpit(shown: Shown, folder: Path) -> Iterator[boot.Lifecycle]:
    """The demo's data opened again, with nothing that plays."""
    settings = {"PROFILE": str(folder), "DATA_DIR": str(shown.data), "NO_SIMULATOR": "1"}
    made = boot.Lifecycle(from_env({f"COCKPIT_{name}": value for name, value in settings.items()}))
    before = boot._current
    try:
        made.start()
        boot.install(made)
        yield made
    finally:
        boot._current = before
        made.stop()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", [entry.name for entry in nav.PAGES])
def test_every_page_shows_it_whole(cockpit: boot.Lifecycle, name: str, lang: str) -> None:
    for more in ({}, {"id": DETAILS[name]} if name in DETAILS else {"role": "presenter"}):
        app = AppTest.from_file(str(ROOT / "cockpit" / "ui" / "shell.py"), default_timeout=PATIENCE_S)
        app.query_params.update({"lang": lang, **more})
        if name != "home":
            app.run()
            app.switch_page(f"../../pages/{name}.py")
            app.query_params.update({"lang": lang, **more})
        app.run()
        text = "\n".join(element.value for element in app.markdown)
        assert not app.exception
        assert [broken for broken in BROKEN if broken in text] == []
        heads = [m for m in app.markdown if m.value.startswith("# ")]
        assert len(heads) + sheets(app).count("<h1") == 1


@pytest.mark.parametrize(("lang", "words"), [("vi", "hồ sơ đã nhận"), ("en", "received")])
def test_the_card_of_a_formula_shows_what_it_names(cockpit: boot.Lifecycle, lang: str, words: str) -> None:
    app = AppTest.from_file(str(ROOT / "cockpit" / "ui" / "shell.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = lang
    app.run()
    app.switch_page("../../pages/indicators.py")
    app.query_params.update({"lang": lang, "id": "I06"})
    app.run()
    assert not app.exception
    shown = [str(cell) for table in app.table for cell in table.value.to_numpy().ravel()]
    assert any(re.search(rf"{words}\\*: \d+", cell) for cell in shown), shown
