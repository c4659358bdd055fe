"""The same seed gives the same bytes, however the time is cut and wherever play starts."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli.simulate import simulate
from cockpit.ingest.textlines import LINE_LIMIT
from cockpit.profiles import Profile
from simulator.play import Play
from simulator.produce import Recipe, blocks
from simulator.scenario import cast, load_scenario
from tests.simulator.conftest import at
from tests.waiting import PATIENCE_S

START = at("2026-11-19T23:58:00")
MINUTE = 60_000
ROOT = Path(__file__).parents[2]


def played(play: Play, span: int, start: int = START, end: int = START + 4 * MINUTE) -> list[str]:
    return list(itertools.chain.from_iterable(play.stream(start, end, span)))


def test_how_time_is_cut_makes_no_difference(play: Play) -> None:
    whole = played(play, 4 * MINUTE)
    assert len(whole) > 1000
    assert played(play, 500) == whole
    assert played(play, 17_500) == whole


def test_where_play_starts_makes_no_difference(district: Profile) -> None:
    whole = played(Play(district, 7), MINUTE)
    later = played(Play(district, 7), MINUTE, START + 2 * MINUTE)
    assert whole[-len(later) :] == later


def test_another_seed_is_another_province(district: Profile) -> None:
    assert not set(played(Play(district, 7), MINUTE)) & set(played(Play(district, 8), MINUTE))


def test_events_come_in_order_and_no_id_twice(play: Play) -> None:
    events = [json.loads(line) for line in played(play, MINUTE)]
    keys = [(e["sent"], e["source"], e["id"]) for e in events]
    assert keys == sorted(keys)
    assert len({(e["source"], e["id"]) for e in events}) == len(events)


def in_a_process(**env: str) -> str:
    script = (
        "import sys; from cockpit.cli.simulate import simulate; "
        "simulate(['--size','district','--for','20m','--out','-','--seed','7'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        check=True,
        timeout=3 * PATIENCE_S,
    )
    return hashlib.sha256(done.stdout).hexdigest()


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"PYTHONHASHSEED": "1"}, marks=pytest.mark.long),
        {"PYTHONHASHSEED": "99", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"},
    ],
)
def test_neither_hash_seed_nor_processor_features_change_a_byte(env: dict[str, str], tmp_path: Path) -> None:
    result = CliRunner().invoke(
        simulate, ["--size", "district", "--for", "20m", "--seed", "7", "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    assert in_a_process(**env) == hashlib.sha256((tmp_path / "out").read_bytes()).hexdigest()


def test_an_unknown_scenario_names_what_exists() -> None:
    result = CliRunner().invoke(simulate, ["--scenario", "earthquake", "--out", "-"])
    assert result.exit_code == 2
    assert "quiet_day" in result.output


@pytest.mark.parametrize(
    "wrong", [["--for", "soon"], ["--speed", "fast"], ["--start", "2026-11-02T07:00:00"]]
)
def test_a_wrong_option_says_what_is_expected(wrong: list[str]) -> None:
    result = CliRunner().invoke(simulate, [*wrong, "--out", "-"])
    assert result.exit_code == 2
    assert "expected" in result.output


def test_the_truth_lists_what_was_silent_and_why(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        simulate,
        [
            "--size",
            "district",
            "--for",
            "1h",
            "--out",
            str(tmp_path / "out"),
            "--truth",
            str(tmp_path / "truth"),
        ],
    )
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in (tmp_path / "truth").read_text().splitlines()]
    assert {"camera_silent"} <= {r["kind"] for r in rows}
    assert all(r["cause"] in r["affected"] and r["onset"] < r["end"] for r in rows)
    assert not any("ordinary" in line for line in (tmp_path / "out").read_text().splitlines())


def test_any_number_of_processes_makes_the_same_bytes(district: Profile) -> None:
    story = load_scenario("two_faults", district)
    episodes = cast([(story, story.start_ms)], district, 7)
    recipe, first = Recipe("quang_ninh", "district", 7, episodes), story.start_ms + 28 * MINUTE
    whole = b"".join(blocks(recipe, recipe.play(), first, first + 25 * MINUTE, 1))
    assert b"".join(blocks(recipe, recipe.play(), first, first + 25 * MINUTE, 2, worth_ms=0)) == whole


def simulated(tmp_path: Path, *more: str) -> tuple[bytes, bytes]:
    """Events and truth of a district, by the command."""
    out, truth = tmp_path / "out", tmp_path / "truth"
    result = CliRunner().invoke(
        simulate, ["--size", "district", "--out", str(out), "--truth", str(truth), *more]
    )
    assert result.exit_code == 0, result.output
    return out.read_bytes(), truth.read_bytes()


def test_scenarios_combine_and_play_alike_at_any_speed(tmp_path: Path) -> None:
    told = ("--scenario", "two_faults", "--scenario", "camera_vandals", "--for", "40m")
    events, truth = simulated(tmp_path, *told)
    assert {json.loads(line)["scenario"] for line in truth.splitlines()} >= {"two_faults", "camera_vandals"}
    assert simulated(tmp_path, *told, "--speed", "90000") == (events, truth)


def test_what_a_presenter_did_is_done_again_from_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(
        '{"do":"fault","id":1,"asset":"cam-00001","kind":"camera_silent","from":"2026-11-19T09:05:00+07:00",'
        '"ramp_s":0,"hold_s":600,"recovery_s":0,"size":0}\n'
        '{"do":"fault_undo","id":1,"until":"2026-11-19T09:10:00+07:00"}\n'
    )
    told = ("--start", "2026-11-19T09:00:00+07:00", "--for", "20m")
    calm, _ = simulated(tmp_path, *told)
    events, truth = simulated(tmp_path, *told, "--orders", str(log))
    gone = [json.loads(line) for line in set(calm.splitlines()) - set(events.splitlines())]
    times = sorted(e["time"][11:19] for e in gone if e["subject"] == "cam-00001")
    assert times[0] >= "09:05:00"
    assert times[-1] < "09:10:00"
    line = next(x for x in map(json.loads, truth.splitlines()) if x["id"] == "order-1")
    assert line["end"][11:19] == "09:10:00"
    assert [a["key"] for a in line["expected"]] == ["camera-silent|cam-00001"]
    alone, _ = simulated(tmp_path, "--for", "5m", "--orders", str(log))  # begins at its first order
    inside = [x for x in events.splitlines() if "T09:05" <= json.loads(x)["sent"][10:16] < "T09:10"]
    assert alone.splitlines() == inside


def test_a_log_that_is_none_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"do":"fault"}\n')
    result = CliRunner().invoke(simulate, ["--orders", str(log), "--out", "-"])
    assert result.exit_code == 2
    assert "line 1" in result.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1]\n", "line 1: "),
        (b"\n{" + b"x" * (LINE_LIMIT + 9), "line 2: the line has"),
        (b'{"do":' + b"[" * 100_000 + b"\n", "line 1: it is nested absurdly deep"),
        (b'{"do":"stage_begin"}\n', "line 1: 'scenario' is missing"),
        (b'{"do":"fault","id":1e99,"asset":"cam-00001","kind":"camera_silent"}\n', "an order without 'from'"),
        (
            b'{"do":"fault","id":1,"asset":"cam-00001","kind":"camera_silent",'
            b'"from":"2026-11-19T09:05:00+07:00","ramp_s":1e308,"hold_s":1e308}\n',
            "Invalid value for --orders",
        ),
        ("{}".encode("utf-16"), "found UTF-16"),
    ],
    ids=["list", "long", "deep", "missing", "from", "endless", "utf-16"],
)
def test_a_broken_log_is_told_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(content)
    ran = CliRunner().invoke(simulate, ["--size", "district", "--orders", str(log), "--out", "-"])
    assert (ran.exit_code, type(ran.exception)) == (2, SystemExit)
    assert said in ran.output


def test_a_log_of_another_run_says_how_to_play_it(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"do":"stage","profile":"quang_ninh","size":"district","seed":9}\n')
    result = CliRunner().invoke(simulate, ["--size", "district", "--orders", str(log), "--out", "-"])
    assert result.exit_code == 2
    assert "--seed 9" in result.output
