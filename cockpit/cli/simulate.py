"""`cockpit simulate`: the simulated province as a file, without a cockpit."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import BinaryIO

import click

from cockpit.cli.token import profile_option
from cockpit.engine.kinds import CLAIMS
from cockpit.engine.layout import checked
from cockpit.ingest.codes import Refusal
from cockpit.ingest.textlines import FileError, opened
from cockpit.profiles import Profile, ProfileError, load
from simulator.episodes import Episode
from simulator.orders import OrderError, episodes_of, ms_of, read_log, seeds
from simulator.play import Play
from simulator.produce import Recipe, blocks, joined
from simulator.samples import Deaf
from simulator.scenario import Scenario, ScenarioError, cast, load_scenario
from simulator.truth import truth_lines

SIZES = ("district", "province", "region", "country")
QUIET = "quiet_day"
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
@click.option(
    "--scenario", "scenarios", multiple=True, help="What is played: a code or a file of TOML. Repeatable."
)
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--for", "length_ms", type=Span(), default="24h", show_default=True, help="Domain time to play."
)
@click.option(
    "--speed", type=Speed(), default="max", show_default=True, help="max, or a factor of real time."
)
@profile_option
@click.option("--size", type=click.Choice(SIZES), default="province", show_default=True)
@click.option(
    "--start",
    help="First instant: RFC 3339, with offset. The first scenario's own, or the first order's, unless told.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="NDJSON file, - for stdout.",
)
@click.option("--truth", type=click.Path(path_type=Path), help="File for the faults that were played.")
@click.option(
    "--orders",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A stage's log: what a presenter did is done again.",
)
@click.option(
    "--deaf",
    type=click.Choice(("drop", "later")),
    default="drop",
    show_default=True,
    help="Samples of phones without network: lost, or sent when they hear again.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
def simulate(
    scenarios: tuple[str, ...],
    seed: int,
    length_ms: int,
    speed: float,
    profile: str,
    size: str,
    start: str | None,
    out: Path,
    truth: Path | None,
    orders: Path | None,
    deaf: Deaf,
    jobs: int,
) -> None:
    """Write the events of a simulated province, in order of (sent, source, id)."""
    try:
        province = checked(load(profile, size=size))
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    stories = [_scenario(code, province) for code in scenarios or (QUIET,)]
    try:
        first = ms_of(start) if start else stories[0].start_ms
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--start") from None
    try:
        ordered: tuple[Episode, ...] = ()
        if orders is not None:
            begun, ordered = _ordered(
                orders, province, {"profile": province.code, "size": size, "seed": seed, "deaf": deaf}
            )
            first = first if start or scenarios or begun is None else begun
        staged = cast([(story, first) for story in stories], province, seed)
        play = Play(province, seed, deaf)
    except (ProfileError, ScenarioError) as error:
        raise click.ClickException(str(error)) from None
    episodes = tuple(sorted({*staged, *ordered}, key=lambda e: (e.start_ms, e.id)))
    play.obey(episodes)
    recipe = Recipe(profile, size, seed, episodes, deaf)
    try:
        with _opened(out) as file:
            if speed:
                _paced(play, first, first + length_ms, speed, file)
            else:
                for block in blocks(recipe, play, first, first + length_ms, jobs):
                    file.write(block)
        if truth is not None:
            with _opened(truth) as file:
                file.writelines(truth_lines(play, first, first + length_ms, CLAIMS))
    except BrokenProcessPool:
        raise click.ClickException(f"{out}: a process of the simulation was ended from outside") from None
    except BrokenPipeError:
        # The reader has seen enough; nothing is left to say, not even at exit.
        sys.stderr.close()
    except OSError as error:
        raise click.ClickException(f"{error.filename or out}: {error.strerror}") from None


def _scenario(code: str, profile: Profile) -> Scenario:
    try:
        return load_scenario(code, profile)
    except ScenarioError as error:
        raise click.BadParameter(str(error), param_hint="--scenario") from None


def _ordered(
    path: Path, province: Profile, run: dict[str, str | int]
) -> tuple[int | None, tuple[Episode, ...]]:
    """The first order's instant and the episodes of a stage's log, which must be of the same run."""
    try:
        with opened(path) as file:
            lines = [_order(number, line) for number, line in file.lines()]
        for name, told in seeds(lines).items():
            if told != run[name]:
                raise OrderError(f"line 1: a run with {name} {told}; give --{name} {told}")
        played, faults = read_log(lines)
        more = episodes_of(played, faults, province, int(run["seed"]))
        return min((ms_of(str(order["from"])) for order in (*played, *faults)), default=None), more
    except KeyError as error:
        raise click.BadParameter(f"{path}: an order without {error}", param_hint="--orders") from None
    except (OrderError, ScenarioError, FileError, ValueError, OverflowError, OSError) as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--orders") from None


def _order(number: int, line: bytes | Refusal) -> bytes:
    if isinstance(line, Refusal):
        raise OrderError(f"line {number}: {line.reason}; expected an order")
    return line


def _paced(play: Play, start: int, end: int, speed: float, file: BinaryIO) -> None:
    """At a speed: small spans at a low one, so that events come out when they are due."""
    began = time.monotonic()
    span = max(500, min(SPAN_MS, int(500 * speed) // 500 * 500))
    for t0 in range(start, end, span):
        t1 = min(t0 + span, end)
        lines = joined(play.window(t0, t1))
        time.sleep(max(0.0, began + (t1 - start) / 1000 / speed - time.monotonic()))
        file.write(lines)
        file.flush()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with path.open("wb") as file:
        yield file
