"""Every import as a command: plain and gzip, beside a running cockpit and without one, good rows and bad."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner, Result
from starlette.applications import Starlette

from cockpit import ROOT
from cockpit.cli import main
from cockpit.clock import RealClock
from cockpit.domain.instants import iso
from cockpit.ingest.textlines import LINE_LIMIT, TextFile
from cockpit.store import visit
from cockpit.store.lock import hold
from cockpit.store.queries import coverage
from cockpit.web import api
from tests.waiting import until
from tests.wire.conftest import Bench, event

COLUMNS = (
    "ts,operator,tech,band,lat,lon,acc_m,rsrp_dbm,rsrq_db,sinr_db,pci,cell_id,dl_mbps,ul_mbps,rtt_ms,indoor,"
    "device_hash,source,note"
)
NOW = RealClock().real_ms()


def row(n: int, **change: str) -> str:
    """A good row of a CSV; `change` replaces fields."""
    cells = dict.fromkeys(COLUMNS.split(","), "")
    cells |= {
        "ts": iso(NOW),
        "operator": "viettel",
        "tech": "4G",
        "lat": "20.95",
        "lon": "107.08",
        "acc_m": "8",
    }
    cells |= {"rsrp_dbm": "-97.5", "indoor": "0", "device_hash": f"d{n}", "source": "do-kiem", **change}
    return ",".join(cells.values())


def sheet(*rows: str, header: str = COLUMNS) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def lines(*events: object) -> bytes:
    return b"".join(e if isinstance(e, bytes) else json.dumps(e).encode() + b"\n" for e in events)


def now(n: int, **change: Any) -> dict[str, Any]:
    return event(n, **{"time": iso(NOW), **change})


class Bring:
    """`cockpit import KIND` of a file with some content, into a data directory."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data = folder, data

    def __call__(self, kind: str, content: bytes, name: str = "file") -> Result:
        file = self.folder / name
        file.write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
        done = CliRunner().invoke(main, ["import", kind, str(file), "--data-dir", str(self.data)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    def coverage(self) -> tuple[int, dict[str, int]]:
        """How many samples decide about 4G, and how many are kept apart, by reason."""
        with visit(self.data / "cockpit.db") as conn:
            counted = sum(cell.n for cells in coverage.cells(conn, ["viettel"]).values() for cell in cells)
            return counted, coverage.by_reason(coverage.kept_apart(conn))


@pytest.fixture(params=["alone", "beside"])
def bring(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bring]:
    """`cockpit import KIND` of a file with some content, without a cockpit and beside one."""
    data = tmp_path / "var"
    stop: Callable[[], None] = lambda: None  # noqa: E731
    if request.param == "beside":
        bench: Bench = request.getfixturevalue("bench")
        bench.clock.real = bench.clock.domain = RealClock().real_ms()  # type: ignore[attr-defined]
        data = bench.config.data_dir
        server = uvicorn.Server(
            uvicorn.Config(
                Starlette(routes=api.routes(bench)),  # type: ignore[arg-type]
                port=0, log_level="error", lifespan="off", ws="none",
            )
        )  # fmt: skip
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until(lambda: server.started or not thread.is_alive(), "the server starts")
        port = server.servers[0].sockets[0].getsockname()[1]
        lock = hold(data, role="serve", address=f"http://127.0.0.1:{port}")

        def stop() -> None:
            lock.release()
            server.should_exit = True
            thread.join(90)

    yield Bring(tmp_path, data)
    stop()


def test_a_bad_row_is_refused_alone_by_line_column_and_value(bring: Bring) -> None:
    content = sheet(
        row(2),
        "",
        row(4, rsrp_dbm="2_0.95"),
        "a,b,c",
        row(6) + ",one too many",
        row(7, device_hash='"d7'),
        row(8, note='"over two\nlines, with a comma"'),
        row(10, source="nobody"),
        row(11, note='"never closed'),
        row(12, acc_m="-"),
        row(13, rsrp_dbm="N/A"),
        row(14, lat="0", lon="0"),
        row(15, operator="viet\0tel"),
        row(16, cell_id="x" * 200_000),
        row(17, acc_m="20000"),
        row(18, note="caf\xe9"),
        row(19, lat="2٠.95"),
        row(20),
    ).replace("caf\xe9".encode(), b"caf\xe9")
    plain, zipped = bring("measurements", content, "m.csv"), bring("measurements", content, "m.csv.gz")
    assert (plain.exit_code, zipped.exit_code) == (0, 0)
    assert "17 events: 4 stored, 0 known already, 13 refused" in plain.output
    assert "17 events: 0 stored, 4 known already, 13 refused" in zipped.output
    for said in (
        "m.csv line 4: column rsrp_dbm: '2_0.95' is no number, expected dBm",
        "m.csv line 5: 3 fields, expected 19",
        "m.csv line 6: 20 fields, expected 19 as in the header: 'one too many'",
        "m.csv line 7: column device_hash: a quote does not close",
        "m.csv line 10: column source: source 'nobody' is not in the catalogue",
        "rows of unknown accuracy, acc_m 0 or none (kept apart, say nothing about 4G): 1",
        "m.csv line 13: column rsrp_dbm: 'N/A' is no value",
        "m.csv line 14: column lat, lon: the place",
        "m.csv line 15: column operator: 'viet\\x00tel' holds a NUL byte",
        "m.csv line 16: column cell_id: a field of more than",
        "m.csv line 17: column acc_m: accuracy_m is 20000",
        "m.csv line 18: column note: 'caf\ufffd' is no UTF-8",
        "m.csv line 19: column lat: '2٠.95' is no number",
        "columns that are not read: 'note'",
    ):
        assert said in plain.output
    assert "        4  bad_row " in plain.output  # the fourth is line 11, told no more
    told = [line.replace("m.csv.gz", "m.csv") for line in zipped.output.splitlines()[2:]]
    assert told == plain.output.splitlines()[2:]


def test_absence_in_an_optional_column_never_costs_the_row_and_other_lines_end_as_they_like(
    bring: Bring,
) -> None:
    words = ["", " ", "-", "N/A", "n/a", "NA", "null", "None", "NaN", "2147483647", "-2147483648", "#N/A"]
    rows = [
        row(n, rsrq_db=word, sinr_db=word, dl_mbps=word, ul_mbps=word, cell_id=word, indoor=word, tech=word)
        for n, word in enumerate(words)
    ]
    content = b"\xef\xbb\xbf" + sheet(*rows)
    done = bring("measurements", content.replace(b"\n", b"\r\n"), "m.csv")
    assert f"{len(rows)} events: {len(rows)} stored" in done.output
    wrong = sheet(*rows, row(99, lat="x")).replace(b"\n", b"\r")
    done = bring("measurements", wrong, "m.csv")
    assert f"0 stored, {len(rows)} known already, 1 refused" in done.output
    assert f"m.csv line {len(rows) + 2}: column lat" in done.output


def test_what_is_not_lte_or_of_unknown_accuracy_is_stored_apart_and_said_so(bring: Bring) -> None:
    techs = ["LTE", "GSM", "WCDMA", "NR", "4G", ""]
    rows = [row(n, tech=tech) for n, tech in enumerate(techs)] + [row(7, acc_m="0")]
    done = bring("measurements", sheet(*rows), "m.csv")
    assert "7 events: 7 stored, 0 known already, 0 refused" in done.output
    for tech in ("GSM", "WCDMA", "NR"):
        assert f"{tech} (kept apart, says nothing about 4G) 1" in done.output
    assert bring.coverage() == (3, {"2g": 1, "3g": 1, "5g": 1, "accuracy": 1})


def test_rows_that_read_the_same_only_from_end_to_end_are_two(bring: Bring) -> None:
    """The sign that parts fields where a row is told from others stands in a field of each."""
    one = row(1, pci="1\x1fP", cell_id="5", rtt_ms="9")
    two = row(1, pci="1", cell_id="P", dl_mbps="5", rtt_ms="\x1f9")
    for known in (0, 2):
        assert (
            f"{2 - known} stored, {known} known already, 0 refused"
            in bring("measurements", sheet(one, two)).output
        )


def test_the_report_counts_by_technology_what_was_not_refused(bring: Bring) -> None:
    rows = [row(1), row(2, lat="0", lon="0"), row(3, tech="NR", operator="nobody"), row(4, source="nobody")]
    rows += [row(5, acc_m="0"), row(6, tech="NR", acc_m="0.0"), row(7, acc_m="0", rsrp_dbm="-300")]
    done = bring("measurements", sheet(*rows), "m.csv")
    assert "7 events: 3 stored, 0 known already, 4 refused" in done.output
    assert "rows by technology: 4G 2, NR (kept apart, says nothing about 4G) 1\n" in done.output
    assert "rows of unknown accuracy, acc_m 0 or none (kept apart, say nothing about 4G): 1\n" in done.output


@pytest.mark.parametrize(
    "text", [f'"{"x" * 9_000_000}"', "x" * 200_000 + "\xff"], ids=["a long line", "no UTF-8"]
)
def test_a_reason_that_is_about_no_column_names_none(bring: Bring, text: str) -> None:
    content = sheet(row(2)) + text.encode("latin-1") + b"\n"
    done = bring("measurements", content, "m.csv")
    assert "m.csv line 3: " in done.output
    assert "lat, lon" not in done.output


@pytest.mark.parametrize("kind", ["events", "history"])
def test_a_bad_line_is_refused_alone(bring: Bring, kind: str) -> None:
    hours = {"n": [240] * 24, "sum": [5976.0] * 24, "min": [24.8] * 24, "max": [25.0] * 24}
    day = dt.datetime.fromtimestamp(NOW / 1000 - 3 * 86_400, dt.UTC).date().isoformat()
    rollup = {"type": "ioc.rollup", "data": {"day": day, "hours": {"fps": hours}}}
    good = rollup if kind == "history" else {}
    content = lines(
        now(1, **good),
        b"\n",
        b"{oops\n",
        now(4, source="nobody"),
        now(5, source=""),
        now(6, source=None),
        now(7, subject="nobody"),
        [now(8)],
        b'{"source":"nobody","data":NaN}\n',
        json.dumps(now(9)).encode().replace(b"24.9", b"NaN") + b"\n",
        b"\xff\xfe\n",
        now(12, **good),
    )
    done = bring(kind, content, "f.ndjson")
    assert done.exit_code == 0
    assert "11 events: 2 stored, 0 known already, 9 refused" in done.output
    for code, line in (
        ("not_json", "3: the line is no JSON"),
        ("unknown_source", "4: source 'nobody'"),
        ("missing_field", "6: source is missing"),
        ("unknown_asset", "7: asset 'nobody'"),
        ("not_an_event", "8: "),
        ("not_a_number", "10: fps is NaN"),
    ):
        assert f"{code:<18} " in done.output
        assert f"f.ndjson line {line}" in done.output
    zipped = bring(kind, content, "f.ndjson.gz")
    assert "11 events: 0 stored, 2 known already, 9 refused" in zipped.output


def test_a_file_without_any_json_is_refused_line_by_line(bring: Bring) -> None:
    done = bring("events", b"oops\n" * 1500 + lines(now(1)))
    assert "1501 events: 1 stored, 0 known already, 1500 refused" in done.output
    assert done.exit_code == 0


def test_a_long_line_is_refused_alone(bring: Bring) -> None:
    content = lines(
        now(1), b'{"x":"' + b"y" * (LINE_LIMIT + 9) + b'"}\n', b"z" * 3 * LINE_LIMIT + b"\r\n", now(4)
    )
    done = bring("events", content, "long.ndjson.gz")
    assert "4 events: 2 stored, 0 known already, 2 refused" in done.output
    assert f"line 3: the line has {3 * LINE_LIMIT + 2} bytes, expected at most {LINE_LIMIT}" in done.output


def test_what_came_before_a_damage_is_stored_and_told(bring: Bring, tmp_path: Path) -> None:
    content = gzip.compress(lines(*(now(n, id=os.urandom(32).hex()) for n in range(2000))))
    cut = bring("events", content[: len(content) // 2], "cut.ndjson")  # gzip is known by its content too
    assert cut.exit_code == 1
    assert "the gzip data end early: the file was cut off; what is counted above is stored" in cut.output
    stored = int(cut.output.split(" events: ")[0].split()[-1])
    assert f"line {stored + 1}: the gzip data end early" in cut.output
    assert stored > 900
    middle = len(content) // 2
    broken = bring("events", content[:middle] + bytes(64) + content[middle + 64 :], "broken.ndjson")
    assert broken.exit_code == 1
    assert "the gzip data are damaged" in broken.output
    assert " 0 known already" not in broken.output
    assert "no gzip" not in bring("events", b"no gzip", "f.ndjson").output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (sheet(row(1), header=COLUMNS + ",LAT"), "line 1: column 'lat' is there twice"),
        (
            sheet(row(1), header="ts,operator,lat"),
            "line 1: columns lon, acc_m, rsrp_dbm, device_hash, source are",
        ),
        (sheet(row(1)).replace(b",", b";"), "line 1: columns are parted by semicolons, expected commas"),
        (b"\n" + sheet(row(1)).replace(b",", b"\t"), "line 2: columns are parted by tabs, expected commas"),
        (sheet(row(1)).decode().encode("utf-16"), "line 1: found UTF-16 or no text at all"),
        (b"PK\x03\x04rest of a workbook", "line 1: found a workbook or a zip archive"),
        (b"", "line 1: found no header"),
    ],
    ids=["twice", "missing", "semicolons", "tabs", "utf-16", "workbook", "empty"],
)
def test_a_file_that_cannot_be_read_at_all_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "m.csv"
    file.write_bytes(content)
    done = CliRunner().invoke(
        main, ["import", "measurements", str(file), "--data-dir", str(tmp_path / "var")]
    )
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert f"Error: {file}: {said}" in done.output


def test_the_installed_command_reads_a_plain_file_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_bytes(sheet(*(row(n) for n in range(1500))))
    command = [sys.executable, "-c", "from cockpit.cli import main; main()", "import", "measurements"]
    done = subprocess.run(
        [*command, str(file), "--data-dir", str(tmp_path / "var")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1500 events: 1500 stored, 0 known already, 0 refused" in done.stdout
    assert "rows by technology: 4G 1500" in done.stdout


def test_a_small_file_with_an_endless_line_takes_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "bomb.gz"
    with gzip.open(file, "wb", compresslevel=1) as out:
        out.write(b"first\n")
        for _ in range(16):
            out.write(bytes(8 * 2**20))
        out.write(b"\nlast")
    with file.open("rb") as raw:
        tracemalloc.start()
        found = list(TextFile(raw, zipped=True).lines())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert [number for number, _ in found] == [1, 2, 3]
    assert [found[0][1], found[2][1]] == [b"first\n", b"last"]
    assert "134217729 bytes" in str(found[1][1])
    assert peak < 3 * LINE_LIMIT
