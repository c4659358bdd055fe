"""`cockpit simulate`: the simulated province as a file, without a cockpit."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from cockpit.profiles import ProfileError, load
from simulator.feed import ms_of
from simulator.play import Play
from simulator.truth import truth_lines

SCENARIOS = ("quiet_day",)
SIZES = ("district", "province", "region", "country")
START = "2026-11-02T07:00:00+07:00"
SPAN_MS = 60_000
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Span(click.ParamType[int]):
    """A length of time such as 24h, 90m, 45s or 2d, as milliseconds."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", str(value))
        if not found or float(found[1]) <= 0:
            self.fail(f"{value!r}: expected a length such as 24h, 90m, 45s or 2d", param, ctx)
        return round(float(found[1]) * _UNITS[found[2]] * 1000)


class Speed(click.ParamType[float]):
    """`max` (0.0 here) or how many times faster than real time."""

    name = "speed"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if value == "max":
            return 0.0
        try:
            speed = float(str(value).removeprefix("x").removeprefix("×"))
        except ValueError:
            speed = 0.0
        if not 0.01 <= speed <= 1e6:
            self.fail(f"{value!r}: expected max or a number from 0.01 to 1000000", param, ctx)
        return speed


@click.command()
@click.option("--scenario", "scenarios", multiple=True, help="What is played besides an ordinary day.")
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--for", "length_ms", type=Span(), default="24h", show_default=True, help="Domain time to play."
)
@click.option(
    "--speed", type=Speed(), default="max", show_default=True, help="max, or a factor of real time."
)
@click.option("--profile", default="quang_ninh", show_default=True)
@click.option("--size", type=click.Choice(SIZES), default="province", show_default=True)
@click.option("--start", default=START, show_default=True, help="First instant: ISO 8601 with offset.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="NDJSON file, - for stdout.",
)
@click.option("--truth", type=click.Path(path_type=Path), help="File for the faults that were played.")
def simulate(
    scenarios: tuple[str, ...],
    seed: int,
    length_ms: int,
    speed: float,
    profile: str,
    size: str,
    start: str,
    out: Path,
    truth: Path | None,
) -> None:
    """Write the events of a simulated province, in order of (sent, source, id)."""
    for scenario in scenarios:
        if scenario not in SCENARIOS:
            raise click.BadParameter(
                f"{scenario!r}: there is {', '.join(SCENARIOS)}", param_hint="--scenario"
            )
    try:
        first = ms_of(start)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--start") from None
    try:
        play = Play(load(profile, size=size), seed)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    try:
        with _opened(out) as file:
            _write(play, first, first + length_ms, speed, file)
        if truth is not None:
            with _opened(truth) as file:
                file.writelines(truth_lines(play, first, first + length_ms))
    except BrokenPipeError:
        # The reader has seen enough; nothing is left to say, not even at exit.
        sys.stderr.close()
    except OSError as error:
        raise click.ClickException(f"{error.filename or out}: {error.strerror}") from None


def _write(play: Play, start: int, end: int, speed: float, file: BinaryIO) -> None:
    began = time.monotonic()
    # At a low speed small spans, so that events come out when they are due.
    span = max(500, min(SPAN_MS, int(500 * speed) // 500 * 500)) if speed else SPAN_MS
    done = start
    for lines in play.stream(start, end, span):
        done = min(done + span, end)
        if speed:
            time.sleep(max(0.0, began + (done - start) / 1000 / speed - time.monotonic()))
        if lines:
            file.write(("\n".join(lines) + "\n").encode())
        if speed:
            file.flush()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with path.open("wb") as file:
        yield file
