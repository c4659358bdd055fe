"""Files, agents in this process, and the commands that bring files in."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.clock import RealClock
from cockpit.domain.instants import iso
from cockpit.ingest.files import import_items, import_lines, screened
from cockpit.ingest.host import HostAgent
from cockpit.ingest.measurements import COLUMNS, sample_items
from cockpit.ingest.remote import send_items
from cockpit.ingest.report import ImportReport
from cockpit.profiles import load
from cockpit.store import alerting, filed, visit
from cockpit.store.lock import hold
from cockpit.store.queries import observations as q
from tests.store import inside
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench, event, serving

CSV = ",".join(COLUMNS)


def rollup(n: int = 0, **change: Any) -> dict[str, Any]:
    hours = {"n": [240] * 12 + [0] * 12, "sum": [5976.0] * 12 + [0] * 12}
    hours |= {"min": [24.8] * 12 + [0] * 12, "max": [25.0] * 12 + [0] * 12, **change}
    return event(n, type="ioc.rollup", data={"day": "2026-11-20", "hours": {"fps": hours}})


def line(e: object) -> bytes:
    return json.dumps(e).encode() + b"\n"


def by_file(path: Path) -> set[str]:
    """Sources that were last heard by a file."""
    names = {s.id: s.code for s in load("quang_ninh").sources}
    with visit(path) as conn:
        spans, last = filed.spans(conn), alerting.source_last(conn)
    return {names[one] for one in last if filed.within(spans, one, last[one])}


def test_lines_are_stored_counted_and_refused_with_their_number(bench: Bench) -> None:
    lines = [
        line(event(1)),
        b"\n",
        b"{oops\n",
        line(event(2, subject="nobody")),
        line(event(1)),
        line(event(3)),
    ]
    seen: list[int] = []
    report = import_lines(bench.door, lines, seen.append)
    assert (report.accepted, report.duplicates, report.events) == (2, 1, 5)
    assert dict(report.refused) == {"not_json": 1, "unknown_asset": 1}
    assert [number for number, _ in report.examples["not_json"]] == [3]
    assert [number for number, _ in report.examples["unknown_asset"]] == [4]
    assert seen == [6]


def test_what_the_progress_raises_ends_an_import(bench: Bench) -> None:
    class Enough(Exception):
        pass

    def stop(_: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        import_lines(bench.door, (line(event(n)) for n in range(5000)), stop)


def test_hourly_figures_arrive_as_whole_numbers_of_the_resolution(bench: Bench) -> None:
    lines = [line(rollup(1)), line(rollup(2, max=[999.0] * 24)), line(rollup(1))]
    report = import_lines(bench.door, lines)
    assert (report.accepted, report.duplicates, dict(report.refused)) == (1, 1, {"out_of_range": 1})
    asset = bench.profile.asset["cam-00001"]
    day = 20777
    with bench.store.read() as conn:
        found = q.rollups_1h(conn, asset.id, day, day, offset_s=25_200)
    assert (np.datetime64("1970-01-01") + day).astype(str) == "2026-11-20"
    metric = bench.profile.metric["fps"]
    assert found[day][metric.id][:, 0].tolist() == [240, 59760, 248, 250]
    assert found[day][metric.id][:, 23].tolist() == [0, 0, 0, 0]


def test_measurements_become_samples_and_a_second_import_stores_nothing(bench: Bench) -> None:
    def row(rsrp: str, indoor: str = "0", source: str = "do-kiem") -> str:
        place = "20.95,107.08,8"
        return f"{iso(START)},viettel,4G,3,{place},{rsrp},-11,,12,452-1,31.5,,40,{indoor},d1,{source}\n"

    def bring(*rows: str) -> ImportReport:
        report = ImportReport()
        items = enumerate((text.encode() for text in rows), 1)
        import_items(bench.door, screened(sample_items(items, report), bench.profile.source), report)
        return report

    rows = [CSV + "\n", row("-97.5"), row("abc"), row("-98", "1"), row("-98", source="nobody")]
    report = bring(*rows)
    assert (report.accepted, dict(report.refused)) == (2, {"bad_field": 1, "unknown_source": 1})
    assert bring(*rows).duplicates == 2
    assert "rsrp_dbm" in bring("ts,operator,lat\n").broken


def test_a_sample_carries_the_technology_as_it_is_written() -> None:
    place = f"{iso(START)},viettel,%s,3,20.95,107.08,8,-97.5,-11,,12,452-1,31.5,,40,0,d1,do-kiem\n"
    given = ["4G", "GSM", " NR ", "", "N/A"]
    report = ImportReport()
    rows = [f"{CSV}\n", *(place % tech for tech in given)]
    items = list(sample_items(enumerate((row.encode() for row in rows), 1), report))
    data = [json.loads(made)["data"] for _, made in items if isinstance(made, bytes)]
    assert [d.get("tech") for d in data] == ["4G", "GSM", " NR ", None, None]
    assert report.technologies == {"4G": 1, "GSM": 1, "NR": 1, "": 2}
    assert (
        "rows by technology: not given, taken as LTE 2, 4G 1, GSM (kept apart, says nothing about 4G) 1"
        in ("\n".join(report.lines("f")))
    )


def test_the_computer_sends_its_own_figures_in_real_time(bench: Bench) -> None:
    bench.clock.real = RealClock().real_ms()  # type: ignore[attr-defined]
    agent = HostAgent(bench.door)
    agent.sample()
    agent.send()
    latest = bench.client().get("/api/v1/latest?asset=host-local").json()["latest"]
    assert {"cpu_pct", "mem_pct", "disk_pct"} <= {x["metric"] for x in latest}
    assert all(x["received"] == iso(bench.clock.real_ms()) for x in latest)


def test_the_agent_of_the_computer_survives_errors(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    agent = HostAgent(bench.door, every_s=0.001)
    tried = threading.Event()

    def broken() -> None:
        if tried.is_set():
            agent._stop.set()
        tried.set()
        raise OSError("no such thing")

    agent.send = broken  # type: ignore[method-assign]
    agent.start()
    assert agent._thread is not None
    agent._thread.join(PATIENCE_S)
    assert tried.is_set()
    assert len(caplog.records) == 2


def test_tokens_and_imports_from_the_command_line(tmp_path: Path) -> None:
    run = CliRunner().invoke
    data = ["--data-dir", str(tmp_path / "var")]
    made = run(main, ["token", "add", "cam-vms", *data])
    assert made.exit_code == 0, made.output
    assert len(made.stdout.splitlines()) == 1
    assert run(main, ["token", "add", "nobody", *data]).exit_code == 1
    assert run(main, ["token", "add", *data]).exit_code == 1

    now = RealClock().real_ms()
    file = tmp_path / "events.ndjson.gz"
    good, bad = event(1, time=iso(now)), event(2, time=iso(now), subject="nobody")
    file.write_bytes(gzip.compress(line(good) + line(bad)))
    done = run(main, ["import", "events", str(file), *data])
    assert done.exit_code == 0, done.output
    assert "2 events: 1 stored, 0 known already, 1 refused" in done.stdout
    assert "unknown_asset" in done.stdout
    assert by_file(tmp_path / "var" / "cockpit.db") == {"cam-vms"}
    file.write_bytes(b"no gzip")
    assert run(main, ["import", "history", str(file), *data]).exit_code == 1

    checked = run(main, ["check", *data])
    assert (checked.exit_code, checked.stdout.count("sound")) == (0, 2)
    (tmp_path / "var" / "cockpit.db").write_bytes(b"x" * 5000)
    assert run(main, ["check", *data]).exit_code == 1


class _Closing(BaseHTTPRequestHandler):
    """Takes everything, and closes its connections at rest without a word, as servers do after a while."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps({"accepted": len(body.splitlines()), "duplicates": 0, "rejected": []}).encode()
        self.send_response(202)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def test_a_connection_that_was_closed_at_rest_does_not_end_an_import() -> None:
    with HTTPServer(("127.0.0.1", 0), _Closing) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        report = ImportReport()
        lines = enumerate((line(event(n)) for n in range(2500)), 1)
        send_items(f"http://127.0.0.1:{server.server_port}", "token", lines, report)
        server.shutdown()
        thread.join(90)
    assert report.accepted == 2500


def test_an_import_goes_through_the_door_of_whoever_owns_the_store(bench: Bench, tmp_path: Path) -> None:
    with serving(bench) as address:
        lines = [line(event(n)) for n in range(2500)] + [line(event(1, subject="nobody"))]
        report = ImportReport()
        send_items(address, bench.token("cam-vms"), enumerate(lines, 1), report)
        assert (report.accepted, dict(report.refused)) == (2500, {"unknown_asset": 1})
        assert [number for number, _ in report.examples["unknown_asset"]] == [2501]

        lock = hold(tmp_path, role="serve", address=address)
        file = tmp_path / "more.ndjson"
        file.write_bytes(line(event(7000)))
        done = CliRunner().invoke(main, ["import", "events", str(file), "--data-dir", str(tmp_path)])
        lock.release()
        assert "1 stored" in done.output, done.output
        assert "an import" not in inside.token_labels(bench.store)
    assert by_file(tmp_path / "cockpit.db") == {"cam-vms"}
