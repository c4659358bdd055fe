"""What came over the wire, written down and played again: the same observations, the same alerts."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.cli import main
from cockpit.demo.player import pieces
from cockpit.demo.tape import LINE_LIMIT, Line, Recorder, TapeError, body_line, header, read
from cockpit.ingest import tokens
from cockpit.ingest.times import to_ms
from cockpit.profiles import load
from cockpit.store.database import visit
from simulator.orders import episodes_of, read_log, seeds
from simulator.play import Play
from tests.stage.conftest import START, Demo, options, running
from tests.waiting import PATIENCE_S, ended

AT = to_ms(START)
FIRST = Line(tape=1, profile="quang_ninh", size="district", seed=7, mode="demo", start=START)


def line_of(body: bytes, encoding: str = "", sources: frozenset[str] = frozenset({"a", "b"})) -> Line:
    return body_line(body, at_ms=AT, real_ms=AT, content_type="x/y", encoding=encoding, sources=sources)


@pytest.mark.parametrize(
    "body", [b"", b'[{"a":1}]', "Đèo Nai\r\n".encode(), b"\xff\x00", gzip.compress(b"x", mtime=0)]
)
def test_a_body_comes_back_bit_for_bit(body: bytes) -> None:
    encoding = "gzip" if body[:2] == b"\x1f\x8b" else ""
    line = line_of(body, encoding)
    assert (line.body, line.encoding, line.source) == (body, encoding, "")
    assert line_of(body, encoding, frozenset({"cam-vms"})).source == "cam-vms"


def test_a_recording_begins_with_a_watermark_and_ends_where_time_leaps() -> None:
    async def scene() -> list[Line]:
        recorder = Recorder()
        lines: list[Line] = []

        async def listen() -> None:
            async for text in recorder.record(FIRST, at_once=False):
                lines.append(Line(**json.loads(text)))

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        begun = recorder.on
        assert begun
        recorder.taken(line_of(b"before"))
        recorder.reached(AT + 1000)
        recorder.taken(line_of(b"after"))
        recorder.leap("jump")
        await listening
        still = recorder.on
        assert not still
        return lines

    first, mark, body, end = asyncio.run(scene())
    assert to_ms(first.start) == to_ms(mark.watermark) == AT + 1000
    assert (body.body, end.end) == (b"after", "jump")


def tape(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


HEAD = json.dumps({"tape": 1, "profile": "quang_ninh", "mode": "demo", "start": START})
MARK = json.dumps({"watermark": "2026-11-18T08:11:00+07:00"})
BODY = json.dumps({"at": START, "type": "application/json", "text": "[]"})


def test_bodies_go_with_the_watermark_after_them_and_a_cut_span_is_left_out(tmp_path: Path) -> None:
    path = tape(tmp_path / "t", HEAD, BODY, BODY, MARK, BODY)
    assert [(g.until_ms - AT, len(g.bodies)) for g in pieces(path)] == [(60_000, 2)]
    path = tape(tmp_path / "u", HEAD.replace("demo", "serve"), BODY, BODY)
    assert [(g.until_ms, len(g.bodies)) for g in pieces(path)] == [(AT, 1), (AT, 1)]


def test_a_recording_cut_off_within_a_line_is_good_up_to_there(tmp_path: Path) -> None:
    path = tape(tmp_path / "t", HEAD, MARK)
    path.write_bytes(path.read_bytes() + b'{"at": "20')
    assert len(list(read(path))) == 2
    packed = tmp_path / "t.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-6])
    assert len(list(read(packed))) == 2


@pytest.mark.parametrize("text", ["", "{}", '{"tape": 2}', "no json", '{"tape": 1}'])
def test_a_file_that_is_no_recording_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(TapeError):
        header(tape(tmp_path / "t", *([text] if text else [])))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (LINE_LIMIT + 1) + b"\n", f"line 1: the line has {LINE_LIMIT + 2} bytes"),
        (b'{"x":' + b"[" * 100_000 + b"\n", "line 1: it is nested absurdly deep"),
        (HEAD.replace(START, "yesterday").encode() + b"\n", "line 1: time 'yesterday'"),
        (HEAD.encode("utf-16"), "line 1: found UTF-16 or no text at all"),
        (gzip.compress(HEAD.encode(), mtime=0)[:10] + b"\xff" * 40, "line 1: the gzip data are damaged"),
    ],
    ids=["long", "deep", "time", "utf-16", "gzip"],
)
def test_playing_a_file_that_is_no_recording_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "t"
    file.write_bytes(content)
    ran = CliRunner().invoke(main, ["replay", str(file), "--data-dir", str(tmp_path / "var")])
    assert ran.exit_code == 1
    assert isinstance(ran.exception, SystemExit)
    assert f"Error: {file}: {said}" in ran.output
    assert not (tmp_path / "var").exists()


def test_a_bad_line_in_the_middle_is_told_with_its_number(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    long = json.dumps({"at": START, "text": "x" * LINE_LIMIT})
    path = tmp_path / "long.gz"
    path.write_bytes(gzip.compress(tape(tmp_path / "t", HEAD, BODY, long, BODY, MARK).read_bytes(), 1))
    assert len(list(read(path))) == 4
    assert "long.gz: line 3: the line has" in caplog.text
    broken = json.dumps({"at": START, "base64": "no base64!"})
    with pytest.raises(TapeError, match=r"t: line 3: .*expected a line of a recording"):
        list(pieces(tape(tmp_path / "t", HEAD, BODY, broken, MARK)))
    packed = gzip.compress(tape(tmp_path / "u", HEAD, BODY, MARK).read_bytes())
    (tmp_path / "u.gz").write_bytes(packed[:-8] + bytes(8))
    with pytest.raises(TapeError, match=r"u\.gz: line \d+: the gzip data are damaged"):
        list(read(tmp_path / "u.gz"))


def test_nothing_is_recorded_where_no_cockpit_works(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["record", str(tmp_path / "t"), "--data-dir", str(tmp_path)])
    assert ran.exit_code == 1
    assert "no cockpit works in" in ran.output


def test_a_directory_with_other_data_is_not_played_into(tmp_path: Path) -> None:
    (tmp_path / "cockpit.db").touch()
    path = tape(tmp_path / "t", HEAD)
    ran = CliRunner().invoke(main, ["replay", str(path), "--data-dir", str(tmp_path)])
    assert ran.exit_code == 1
    assert "name a fresh --data-dir" in ran.output


def test_a_recorded_stretch_played_again_gives_the_same_observations_and_alerts(tmp_path: Path) -> None:
    path = tmp_path / "stretch.ndjson.gz"
    with running(tmp_path / "first", *options("--speed", "60", "--scenario", "two_faults")) as demo:
        demo.clock(paused=True)
        demo.clock(reset=True)  # from here on all that comes is on the recording
        with ended(record(path, demo)) as recording:
            assert recording.stderr is not None
            assert recording.stderr.readline() == "recording\n"
            demo.step(60)  # a device that never sent anything cannot fall silent
            demo.must("POST", "faults", {"asset": "cam-00003", "kind": "silent", "hold_s": 3600})
            demo.step(300)
            recording.send_signal(signal.SIGINT)
            assert recording.wait(PATIENCE_S) == 0
        first, end = demo.present(), demo.clock()["domain"]
        log = demo.log()
    assert first["alerts"]
    text = gzip.decompress(path.read_bytes())
    assert demo.token.encode() not in text
    assert b"ckp_" not in text
    assert sorted(events_of(path)) == sorted(repeated(log, AT, to_ms(end)))
    with replayed(path, tmp_path / "second") as again:
        again.until(lambda: again.clock()["domain"] == end, "the end of the recording")
        at = to_ms(end)
        again.until(lambda: again.meta("engine_domain_ms") >= at, "its evaluation")
        second = again.present()
        status, answer = again.ask("POST", "clock", {"jump": "2026-11-19T00:00:00+07:00"})
        assert (status, answer["error"]["code"]) == (409, "no_jump")
        for where, order in (
            ("faults", {"asset": "cam-00003", "kind": "silent"}),
            ("scenarios", {"scenario": "two_faults"}),
        ):
            status, answer = again.ask("POST", where, order)
            assert (status, answer["error"]["code"]) == (409, "recorded")
    assert second["latest"] == first["latest"]
    assert second["alerts"] == first["alerts"]
    assert second["log"] == first["log"]


def events_of(path: Path) -> list[str]:
    """Every event of a recording, as it was sent."""
    bodies = (line.body for line in read(path))
    return [canonical(event) for body in bodies if body is not None for event in json.loads(body)]


def repeated(log: list[bytes], start: int, end: int) -> list[str]:
    """The events of a run played again from its seed and the stage's log."""
    of = seeds(log)
    play = Play(load(of["profile"], size=of["size"]), of["seed"])
    play.obey(episodes_of(*read_log(log), play.profile, play.seed))
    return [canonical(json.loads(line)) for part in play.stream(start, end) for line in part]


def canonical(event: object) -> str:
    return json.dumps(event, sort_keys=True)


def record(path: Path, demo: Demo) -> subprocess.Popen[str]:
    """`cockpit record`, which says when it listens."""
    command = [sys.executable, "-P", "-m", "cockpit", "record", str(path)]
    return subprocess.Popen(
        [*command, "--data-dir", str(demo.data)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


@contextmanager
def replayed(path: Path, data: Path) -> Iterator[Demo]:
    """`cockpit replay` at full speed."""
    data.mkdir()
    port = processes.free_port()
    command = [sys.executable, "-P", "-m", "cockpit", "replay", str(path)]
    with (data / "replay.log").open("wb") as out:
        child = subprocess.Popen(
            [*command, "--data-dir", str(data), "--port", str(port), "--speed", "600"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )  # fmt: skip
    cockpit = processes.Running(child, f"http://127.0.0.1:{port}", data / "replay.log")
    try:
        cockpit.wait_ready(PATIENCE_S)
        with visit(data / "cockpit.db") as conn:
            token = tokens.issue(conn, [], "presenter", "a presenter", 0)
        yield Demo(data, cockpit, token)
    finally:
        cockpit.stop()


def test_base64_is_only_for_what_is_no_text() -> None:
    assert line_of(b"\xff").base64 == base64.b64encode(b"\xff").decode()
    assert line_of(b"{}").base64 is None
