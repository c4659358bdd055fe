"""What people did: listed, searched, opened, taken along; shown to who may see it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.commands import Actor, Asked, Command, execute
from cockpit.commands.registry import KINDS
from cockpit.commands.rules import RuleOff, RuleOn
from cockpit.ingest import audit_writing
from cockpit.ui import live
from cockpit.ui.words import catalogue, has
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside

HOUR_MS = 3_600_000
LAN = Actor("Nguyễn Thị Lan", "operator", "06652")
REASON = '=HYPERLINK("http://example.org"), thay đầu ghi'


@pytest.fixture(scope="module")
def acted(cockpit: Any) -> None:
    off = RuleOff(rule="host-disk", until=NOW_MS + HOUR_MS)  # type: ignore[arg-type]
    assert execute(cockpit, Command(LAN, off, REASON)).code == "done"
    assert execute(cockpit, Command(LAN, RuleOn(rule="host-disk"))).code == "done"
    late = RuleOff(rule="host-disk", until=NOW_MS + 400 * 24 * HOUR_MS)  # type: ignore[arg-type]
    assert execute(cockpit, Command(LAN, late, "quá lâu")).code == "too_long"


def rows(app: Any) -> list[dict[str, Any]]:
    (table,) = (d.value for d in app.dataframe)
    return list(table.to_dict("records"))


@pytest.mark.usefixtures("acted")
def test_every_action_stands_there_with_who_what_why_and_what_became_of_it(visit: Visit) -> None:
    found = rows(visit("audit", days="1"))
    assert [row["did"] for row in found[:3]] == [
        "Tắt quy tắc cảnh báo", "Bật lại quy tắc cảnh báo", "Tắt quy tắc cảnh báo",
    ]  # fmt: skip
    assert found[0]["outcome"] == ["△ Quá thời hạn cho phép"]
    assert found[2]["outcome"] == ["✓ Đã thực hiện"]
    assert found[2]["who"] == LAN.name
    assert found[2]["about"].startswith("Quy tắc ")
    assert found[2]["reason"] == REASON


@pytest.mark.usefixtures("acted")
def test_a_search_without_accents_and_the_outcome_leave_what_is_meant(visit: Visit) -> None:
    app = visit("audit", days="1")
    app.text_input(key="audit-q").set_value("lan bat lai").run()
    assert {row["did"] for row in rows(app)} == {"Bật lại quy tắc cảnh báo"}
    assert all("△" in row["outcome"][0] for row in rows(visit("audit", days="1", kind="refused")))
    app.text_input(key="audit-q").set_value("không có ai *như* thế").run()
    assert "Không có thao tác nào khớp" in text(app)
    assert not app.dataframe


@pytest.mark.usefixtures("acted")
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_action_opens_with_all_that_is_known_of_it(visit: Visit, cockpit: Any, lang: str) -> None:
    entry = inside.commands(cockpit.store)[-3]
    app = visit("audit", days="1", id=str(entry.seq), lang=lang)
    assert not app.exception
    table = next(t.value for t in app.table)
    told = dict(zip(table["k"], table["v"], strict=True))
    assert any("Lý do" in key or "Reason" in key for key in told)
    assert any("Giờ thật" in key or "Real time" in key for key in told), "a demo has two clocks"
    assert "Phường Hà Tu" in text(app)
    assert "not in the chosen time" in text(visit("audit", days="1", id="999999", lang="en"))


BAD = (
    {"about": {"kind": "until", "code": 10**18}},
    {"until": -(10**18)},
    {"to": [[[[[[["x" * 900]]]]]]]},
    {"about": {"kind": "alert", "code": {"kind": "alert", "code": {}}}},
    {"until": True, "rule": None, "x": 1e308},
)


@pytest.mark.usefixtures("acted")
@pytest.mark.parametrize("n", range(len(BAD)))
def test_whatever_was_refused_is_listed_and_hides_nothing(visit: Visit, cockpit: Any, n: int) -> None:
    assert execute(cockpit, Command(LAN, Asked("rule_on", BAD[n]))).code == "bad_argument"
    entry = inside.commands(cockpit.store)[-1]
    live.forget()
    for params in ({}, {"id": str(entry.seq)}):
        app = visit("audit", days="1", **params)
        assert not app.exception
        assert catalogue("vi")["ui.panel_failed"] not in text(app)
        assert len(rows(app)) > 3
    app.text_input(key="audit-q").set_value("bat lai").run()
    assert not app.exception
    assert rows(app)


def test_who_has_no_role_sees_nobody_s_name(
    visit: Visit, cockpit: Any, acted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit, "config", replace(cockpit.config, mode="serve"))
    monkeypatch.setattr(cockpit, "is_demo", False)
    monkeypatch.setattr(cockpit, "demo", None)
    app = visit("audit")
    assert "Nhật ký chỉ mở cho người có vai" in text(app)
    assert not app.dataframe
    assert LAN.name not in text(app)


@pytest.mark.usefixtures("acted")
def test_the_file_holds_the_same_and_nothing_that_a_spreadsheet_would_reckon(cockpit: Any) -> None:
    entries = [e for e in inside.commands(cockpit.store)[::-1] if e.outcome != "bad_argument"]
    data = audit_writing.write(entries)
    assert data.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [int(row["id"]) for row in found] == [e.seq for e in entries]
    off = found[2]
    assert (off["actor"], off["unit"], off["command"], off["code"]) == (
        LAN.name,
        LAN.unit,
        "rule_off",
        "done",
    )
    assert off["reason"] == f"'{REASON}"
    assert off["time"].endswith("+00:00")
    assert '"rule": "host-disk"' in off["facts"]


@pytest.mark.usefixtures("acted")
def test_the_command_line_takes_it_along_beside_a_running_cockpit(cockpit: Any, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    where = ["--data-dir", str(cockpit.store.path.parent)]
    ran = CliRunner().invoke(main, ["export", "audit", str(file), *where])
    assert (ran.exit_code, ran.output) == (0, ran.output)
    lines = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert {line["command"] for line in lines} >= {"rule_off", "rule_on"}
    nowhere = CliRunner().invoke(main, ["export", "audit", str(tmp_path), *where])
    assert nowhere.exit_code == 2
    assert "Traceback" not in nowhere.output


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_command_has_its_words(name: str) -> None:
    assert name == "seen" or has(f"audit.did_{name}")
