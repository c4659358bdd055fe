"""A token speaks for its sources alone: records, reports and samples of others are not its to send."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from cockpit.cli import main
from cockpit.clock import RealClock
from cockpit.domain.instants import iso
from cockpit.profiles import Profile, load
from cockpit.store.queries import records
from cockpit.web.api import routes
from tests.clocks import HandClock
from tests.store import inside
from tests.wire.conftest import START, Bench, event, make
from tests.wire.test_events import post, record, report, sample


def foreign() -> list[dict[str, Any]]:
    """What the token of a camera server set before it was held to its source, and samples."""
    closing = record(state="solved", fields={"eresult": True})
    return [
        {**report(indicator=code), "source": "cam-vms", "id": f"r-{code}"} for code in ("I39", "I41", "I47")
    ] + [{**closing, "source": "cam-vms", "id": "d-1"}, {**sample(), "source": "cam-vms", "id": "s-1"}]


def test_a_camera_servers_token_reports_nothing_closes_nothing_and_brings_no_samples(bench: Bench) -> None:
    office = bench.client(bench.token("mot-cua"))
    assert post(office, {**record(), "id": "own"}).json()["accepted"] == 1
    answer = post(bench.client(bench.token("cam-vms")), [event(1), *foreign(), event(2)])
    assert answer.status_code == 202
    found = answer.json()
    assert found["accepted"] == 2
    assert [(r["index"], r["code"]) for r in found["rejected"]] == [
        (1, "foreign_indicator"), (2, "foreign_indicator"), (3, "foreign_indicator"),
        (4, "foreign_kind"), (5, "foreign_kind"),
    ]  # fmt: skip
    assert "cam-vms" in found["rejected"][0]["reason"]
    with bench.store.read() as conn:
        kept = records.record(conn, "dossier", "H1")
        assert kept is not None
        assert (kept.state, kept.closed) == ("received", None)
        assert kept.source == bench.profile.source["mot-cua"].id
    for rows in (inside.Rows.REPORTS, inside.Rows.NEW_SAMPLES):
        assert inside.count(bench.store, rows) == 0
    # What a whole-province token may send is no more: each event is held to the source it names.
    everyone = post(bench.client(bench.token(*bench.profile.source)), foreign()).json()
    assert everyone["accepted"] == 0


def test_whose_it_is_to_send_is_told_before_what_is_wrong_in_it(bench: Bench) -> None:
    client = bench.client(bench.token("cam-vms"))
    wrong = [
        (record(state="closed"), "foreign_kind"),
        (record(unit="nowhere"), "foreign_kind"),
        (record(kind="k" * 33), "bad_field"),
        (report(period="never"), "foreign_indicator"),
        (report(indicator="I999"), "unknown_indicator"),
        (sample(operator="nobody"), "foreign_kind"),
    ]
    body = [{**made, "source": "cam-vms", "id": f"w-{n}"} for n, (made, _) in enumerate(wrong)]
    found = post(client, body).json()["rejected"]
    assert [r["code"] for r in found] == [code for _, code in wrong]


def test_a_rollup_of_a_foreign_asset_and_a_metric_of_another_system_are_refused(bench: Bench) -> None:
    client = bench.client(bench.token("ran-oss", "van-ban"))
    hours = {"n": [0] * 24, "sum": [0] * 24, "min": [0] * 24, "max": [0] * 24}
    rolled = event(
        1, source="ran-oss", type="ioc.rollup", data={"day": "2026-11-20", "hours": {"fps": hours}}
    )
    other = event(2, source="van-ban", subject="sys-van-ban", data={"values": {"giai_ngan_pct": 50}})
    codes = [r["code"] for r in post(client, [rolled, other]).json()["rejected"]]
    assert codes == ["foreign_asset", "unknown_metric"]


@pytest.mark.parametrize("role", ["reader", "presenter", "recorder", "source"])
def test_a_token_without_sources_is_refused_before_its_body_is_read(bench: Bench, role: str) -> None:
    token = bench.token(role=role)
    app = Starlette(routes=routes(bench))  # type: ignore[arg-type]
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/events", "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"authorization", f"Bearer {token}".encode()), (b"content-type", b"application/json")],
        "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    sent: list[Any] = []

    async def never() -> Any:
        raise AssertionError("the body was asked for")

    async def keep(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, never, keep))
    assert sent[0]["status"] == 403
    assert json.loads(sent[1]["body"])["error"]["code"] == "no_right"


def test_the_catalogue_says_what_each_source_brings(bench: Bench) -> None:
    found = bench.client().get("/api/v1/catalog").json()
    sources = {s["code"]: s for s in found["sources"]}
    assert sources["mot-cua"]["records"] == ["dossier"]
    assert sources["thong-ke"]["reports"] == ["I47", "I48"]
    assert [s for s in sources if sources[s]["samples"]] == ["dien-thoai", "do-kiem"]
    assert (sources["cam-vms"]["records"], sources["cam-vms"]["reports"]) == ([], [])
    assert "fps" in sources["cam-vms"]["metrics"]
    assert sources["van-ban"]["metrics"] == ["ky_so_pct", "ho_so_mang_pct", "nhiem_vu_pct"]
    metrics = {m["code"]: m for m in found["metrics"]}
    assert metrics["ky_so_pct"]["assets"] == ["sys-van-ban"], "the door refuses it from other systems"
    compared = {i["code"] for i in found["indicators"] if i["compared"]}
    assert compared == {"I08", "I10", "I17", "I19", "I23", "I24", "I25", "I38", "I42"}


@pytest.mark.parametrize("size", ["province", "country"])
def test_every_size_binds_its_sources_alike(tmp_path: Path, size: str) -> None:
    profile: Profile = load("quang_ninh", size=size)
    bench = make(tmp_path, profile, HandClock(START))
    try:
        client = bench.client(bench.token("cam-vms", "mot-cua", "bao-cao"))
        last = [a.code for a in profile.assets if a.kind == "camera"][-1]
        body = [event(1, subject=last), {**record(), "id": "d"}, {**report(), "id": "r"}, *foreign()]
        found = post(client, body).json()
        assert (found["accepted"], len(found["rejected"])) == (3, 5)
    finally:
        bench.door.close()
        bench.store.close()


def test_an_import_holds_each_event_to_its_own_source_too(tmp_path: Path) -> None:
    now = iso(RealClock().real_ms())
    period = now[:4]
    lines = [e | {"time": now} for e in (*foreign(), {**record(), "id": "own"})]
    for line in lines:
        if line["type"] == "ioc.report":
            line["data"] = {**line["data"], "period": period}
    file = tmp_path / "events.ndjson"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    done = CliRunner().invoke(main, ["import", "events", "--data-dir", str(tmp_path / "var"), str(file)])
    assert done.exit_code == 0, done.output
    assert "6 events: 1 stored, 0 known already, 5 refused" in done.output
    assert "foreign_kind" in done.output
    assert "foreign_indicator" in done.output


def test_a_period_counts_from_the_moment_it_begins(bench: Bench) -> None:
    """Four minutes before midnight a figure of the day that begins is early, as any event may be."""
    clock: Any = bench.clock
    midnight = START + 16 * 3_600_000  # 2026-11-23T00:00:00+07:00
    client = bench.client(bench.token("bao-cao"))
    for minutes, accepted in ((6, 0), (4, 1)):
        clock.domain = clock.real = midnight - minutes * 60_000
        told = {**report(period="2026-11-23"), "id": f"m{minutes}", "time": iso(clock.domain)}
        assert post(client, told).json()["accepted"] == accepted
