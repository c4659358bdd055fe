"""Makes the small databases of an earlier revision that tests open: `python tools/old_database.py REV [DIR]`.

The revision's own `demo` and `serve` write them, each a few minutes long, from its own files with its own
environment. What machines send goes through its door, tokens are made by its command line, and what people do
goes through its door, too, or, where it takes no commands there yet, through what its pages call. Then single
observations and identities, most of the bytes, are taken out of the demo's; its tables stay as they are.
`REV-demo.db.gz`, `REV-serve.db.gz` and `REV.json` (tokens, instants) are the answer; see docs/development.md.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cockpit.bench import processes, revision
from cockpit.bench.compare import CACHE

ROOT = Path(__file__).resolve().parents[1]
DEMO = ("--size", "district", "--history", "0", "--speed", "60", "--start", "2026-11-23T08:00:00+07:00")
PATIENCE_S = 200.0

TRIMMED = {"raw_part", "seen", "seen_part", "seen_block", "coverage_group", "coverage_known"}
"""Tables that are emptied where a database is to be small."""

ACT = """
import json, sys
from cockpit.boot import Cockpit
from cockpit.commands import Command, execute
from cockpit.config import from_env
cockpit = Cockpit(from_env())
cockpit.start()
now = cockpit.clock.domain_ms()
for actor, role, name, args, reason in json.load(sys.stdin):
    if "days" in args:
        args["until_ms"] = now + args.pop("days") * 86_400_000
    print(name, execute(cockpit, Command(actor, role, name, args, reason)), file=sys.stderr)
cockpit.stop()
"""
"""What people do, carried out in a process that plays nothing, where no commands come over HTTP yet."""

Order = tuple[str, str, str, dict[str, Any], str]
"""Who, in which role, does what with which arguments, and why. `days` stand for an instant so far ahead."""


class Maker:
    """One data directory of the revision, and what is done in it."""

    def __init__(self, program: processes.Program, mode: str, folder: Path) -> None:
        self.program, self.mode, self.folder = program, mode, folder
        self.tokens: dict[str, str] = {}
        self.running: processes.Running | None = None

    def add_token(self, name: str, *words: str) -> None:
        said = self.program.run("token", "add", *words, "--label", name, "--data-dir", str(self.folder))
        self.tokens[name] = said.strip()

    def start(self, *options: str) -> None:
        self.running = processes.start(self.mode, self.folder, *options, program=self.program)
        self.running.wait_ready(PATIENCE_S)

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop()

    @property
    def cockpit(self) -> processes.Running:
        if self.running is None:
            raise SystemExit("no cockpit was started")
        return self.running

    def post(self, path: str, body: object, token: str) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[token]}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.cockpit.address + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.code} {error.read().decode()}") from None

    def get(self, path: str) -> Any:
        return json.loads(self.cockpit.get(path)[1])

    def alerts(self, state: str) -> list[dict[str, Any]]:
        return list(self.get(f"/api/v1/alerts?state={state}&limit=500")["alerts"])

    def wait(self, what: str, found: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not found():
            if time.monotonic() > end:
                raise SystemExit(f"{self.mode}: {what}: nothing after {PATIENCE_S:.0f} s")
            time.sleep(1)

    def act(self, *orders: Order) -> None:
        """Carry out what people do. The cockpit does not work meanwhile, or plays nothing."""
        if not (self.program.root / "cockpit" / "web" / "api_commands.py").exists():
            self._act_inside(orders)
            return
        self.start(*(DEMO if self.mode == "demo" else ()), *(["--no-simulator"] * (self.mode == "demo")))
        now = datetime.fromtimestamp(self.get("/api/v1/pulse")["domain_ms"] / 1000, UTC)
        for actor, role, name, args, reason in orders:
            said = self.program.run("token", "person", actor, "--role", role, "--data-dir", str(self.folder))
            self.tokens[actor] = said.strip()
            args = dict(args)
            if "days" in args:
                args["until"] = (now + timedelta(days=args.pop("days"))).isoformat()
            print(name, self.post("/api/v1/commands", {"name": name, "args": args, "reason": reason}, actor))
        self.stop()

    def _act_inside(self, orders: tuple[Order, ...]) -> None:
        settings = {"COCKPIT_MODE": self.mode, "COCKPIT_DATA_DIR": str(self.folder)}
        settings |= {"COCKPIT_NO_SIMULATOR": "1", "COCKPIT_HISTORY": "0"}
        settings |= {"COCKPIT_SIZE": "district"} if self.mode == "demo" else {}
        subprocess.run(
            [self.program.python, "-c", ACT], input=json.dumps(orders), text=True, check=True,
            env=self.program.environment(settings), cwd=self.program.root,
        )  # fmt: skip


def event(
    number: int, kind: str, source: str, subject: str, ago_s: int, data: dict[str, Any]
) -> dict[str, Any]:
    """A CloudEvent of so many seconds ago."""
    at = datetime.fromtimestamp(time.time() - ago_s, UTC).isoformat(timespec="milliseconds")
    names = {"specversion": "1.0", "id": f"old-{number}", "source": source, "type": f"ioc.{kind}"}
    return {**names, "subject": subject, "time": at, "data": data}


def demo(maker: Maker) -> None:
    """Faults of cameras, one of them over: alerts open, acknowledged, closed; a rule off that is wrong."""
    maker.start(*DEMO)
    maker.add_token("director", "--role", "presenter")
    for asset, seconds in (
        ("cam-00001", 36_000),
        ("cam-00121", 36_000),
        ("cam-00241", 36_000),
        ("cam-00361", 150),
    ):
        order = {"asset": asset, "kind": "silent", "seconds": seconds}
        maker.post("/api/v1/faults", order, "director")
    maker.wait("alerts", lambda: len(_of(maker, "open", "camera-silent")) >= 3)
    maker.wait("a closed alert", lambda: bool(_of(maker, "closed", "camera-silent")))
    maker.wait("an indicator's alert", lambda: bool(_of(maker, "open", "fresh-sources-low")))
    first, second = sorted(a["id"] for a in _of(maker, "open", "camera-silent"))[:2]
    maker.stop()
    maker.act(
        (
            "Lê Thị Hoa",
            "operator",
            "acknowledge",
            {"alert": first, "version": 1, "note": "Đã cử người đi"},
            "",
        ),
        ("Phạm Văn Nam", "leader", "acknowledge", {"alert": second, "version": 1, "note": ""}, ""),
        (
            "Trần Minh",
            "admin",
            "rule_off",
            {"rule": "fresh-sources-low", "days": 20},
            "Nguồn chưa nối hết",
        ),
    )
    maker.start(*DEMO)  # its engine takes note
    begun = maker.get("/api/v1/clock")["domain"]
    maker.wait("a minute", lambda: maker.get("/api/v1/clock")["domain"][:16] > begun[:16])
    maker.stop()


def serve(maker: Maker) -> None:
    """Every kind of event, a refused one among them; cameras that fall silent, one that comes back."""
    maker.start()
    maker.add_token("machines", "cam-vms", "dien-thoai", "mot-cua", "bao-cao")
    maker.add_token("reader", "--role", "reader")
    sample = {"operator": "viettel", "lat": 21.02, "lon": 107.3, "accuracy_m": 8, "rsrp_dbm": -97}
    dossier = {"kind": "dossier", "key": "hs-1", "unit": "06652", "state": "received"}
    report = {"indicator": "I42", "period": "2026-10", "person": "Nguyễn An"}
    cameras = [f"cam-{n:05}" for n in range(1, 5)]
    first_ones = [
        event(n, "observation", "cam-vms", asset, 1200, {"values": {"fps": 25.0, "loss_pct": 0.1}})
        for n, asset in enumerate(cameras)
    ]
    first_ones.append(event(10, "sample", "dien-thoai", "phone-1", 60, sample))
    first_ones.append(event(11, "record", "mot-cua", "dossier/hs-1", 60, dossier))
    first_ones += [
        event(12 + n, "report", "bao-cao", "I42", 60 - n, {**report, "value": 91.5 + n}) for n in range(2)
    ]
    first_ones.append(
        event(14, "report", "bao-cao", "I42", 30, {**report, "period": "2026-Q3", "value": 88.0})
    )
    first_ones.append(event(15, "observation", "cam-vms", "cam-00005", 60, {"values": {"fps": "x"}}))
    print(maker.post("/api/v1/events", first_ones, "machines"))
    maker.wait("silent cameras", lambda: len(_of(maker, "open", "camera-silent")) >= 4)

    def again() -> bool:
        number = 100 + int(time.monotonic() * 10) % 10**6
        values = {"values": {"fps": 25.0}}
        sent = event(number, "observation", "cam-vms", cameras[3], 0, values)
        maker.post("/api/v1/events", sent, "machines")
        time.sleep(4)
        return bool(_of(maker, "closed", "camera-silent")) and bool(_of(maker, "closed", "source-silent"))

    maker.wait("a camera that came back, and with it its feed", again)
    first, _, third = sorted(a["id"] for a in _of(maker, "open", "camera-silent"))[:3]
    maker.stop()
    maker.act(
        (
            "hoa@example.vn",
            "operator",
            "acknowledge",
            {"alert": first, "version": 1, "note": "Đang kiểm tra"},
            "",
        ),
        ("binh@example.vn", "operator", "acknowledge", {"alert": third, "version": 7, "note": ""}, ""),
        ("nam@example.vn", "leader", "rule_off", {"rule": "camera-silent", "days": 1}, "Không có quyền"),
        ("quan@example.vn", "admin", "rule_off", {"rule": "link-silent", "days": 20}, "Bảo trì đường truyền"),
    )
    maker.start()
    maker.stop()


def _of(maker: Maker, state: str, rule: str) -> list[dict[str, Any]]:
    return [a for a in maker.alerts(state) if a["rule"] == rule]


def pack(source: Path, target: Path, *, trim: bool) -> int:
    """Write the database as one small file; what is trimmed are rows, and raw tables whole. Returns the
    instant up to which it knows, in ms of domain time."""
    with closing(sqlite3.connect(source, isolation_level=None)) as conn:
        if trim:
            for (hour,) in conn.execute("SELECT hour FROM raw_part").fetchall():
                conn.execute(f"DROP TABLE raw_{hour}")
            tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master").fetchall()}
            for rest in tables & TRIMMED:
                conn.execute(f"DELETE FROM {rest}")  # noqa: S608 - a table of our own
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.execute("VACUUM")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        known = "SELECT max(CAST(value AS INTEGER)) FROM meta WHERE key IN ('engine_domain_ms', 'domain_ms')"
        (at,) = conn.execute(known).fetchone()
    target.write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))
    return int(at)


def main(name: str, folder: Path) -> None:
    """Make both databases of a revision."""
    commit = revision.commit_of(ROOT, name)
    short = commit[:7]
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch, revision.checked_out(ROOT, commit, Path(scratch)) as clone:
        python = revision.environment(clone, CACHE / revision.short(commit), print)
        for mode, make in (("demo", demo), ("serve", serve)):
            maker = Maker(processes.Program(clone, python), mode, Path(scratch) / mode)
            try:
                make(maker)
            finally:
                maker.stop()
            target = folder / f"{short}-{mode}.db.gz"
            at = pack(maker.folder / "cockpit.db", target, trim=mode == "demo")
            told[mode] = {"at_ms": at, "tokens": maker.tokens}
            print(f"{target}: {target.stat().st_size} bytes")
    path = folder / f"{short}.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else ROOT / "tests" / "store" / "old")
