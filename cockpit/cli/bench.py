"""`cockpit bench`: measure this machine against the product's promises."""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from cockpit.cli.token import data_dir, profile_option

Command = Callable[..., Any]


def common(command: Command) -> Command:
    """The options of all measurements."""
    for option in (
        click.option("--check", is_flag=True, help="Exit 1 if a figure breaks its promise."),
        click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout."),
    ):
        command = option(command)
    return command


def say(text: str) -> None:
    """Progress goes to stderr, so that stdout holds the figures alone."""
    click.echo(text, err=True)


def finish(result: dict[str, Any], broken: list[str], table: Command, *, as_json: bool, check: bool) -> None:
    """Print the figures, and with `--check` what breaks a promise."""
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(table(result)))
    for line in broken:
        say(f"over a limit: {line}")
    if check and broken:
        raise SystemExit(1)


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """What keeps a measurement from running ends the command with a sentence."""
    from cockpit.bench.bodies import LoadError
    from cockpit.bench.processes import StartError
    from cockpit.bench.revision import RevisionError
    from cockpit.bench.wsclient import ViewerError

    try:
        yield
    except (LoadError, RevisionError, StartError, ViewerError) as error:
        raise click.ClickException(str(error)) from None


@click.group()
def bench() -> None:
    """Measure ingest, pages or evaluation in a scratch directory on a free port; compare with a revision."""
    # Python's own answer to Ctrl-C, so that asyncio puts its own in its place: whoever waits for answers is
    # cancelled then. Another's would break into the middle of any task, which asyncio tells with a traceback.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


@bench.command()
@common
def ingest(as_json: bool, check: bool) -> None:
    """Observations a second over HTTP to the commit, what each costs, and pages beside a flood."""
    from cockpit.bench import ingest as measurement
    from cockpit.bench import pressed, report

    with plainly():
        result = {**measurement.measure(say), "pages": pressed.measure(say)}
    broken = [*measurement.over_limits(result), *pressed.over_limits(result["pages"])]
    finish(result, broken, report.ingest, as_json=as_json, check=check)


@bench.command()
@common
@click.option("--observations", type=click.IntRange(10_000), help="Raw observations behind the pages.")
@click.option("--compare", is_flag=True, help="Measure behind 1 million as well. Implied by --check.")
def pages(as_json: bool, check: bool, observations: int | None, compare: bool) -> None:
    """CPU and bytes of every page, and of twenty viewers, behind a month of data."""
    from cockpit.bench import pages as measurement
    from cockpit.bench import report

    with plainly():
        result = measurement.measure(
            observations=observations or measurement.OBSERVATIONS,
            viewers_s=measurement.VIEWERS_S,
            compare=compare or check,
            progress=say,
        )
    finish(result, measurement.over_limits(result), report.pages, as_json=as_json, check=check)


@bench.command()
@common
def evaluate(as_json: bool, check: bool) -> None:
    """Time of one tick of the engine."""
    from cockpit.bench import evaluate as measurement
    from cockpit.bench import report

    result = measurement.measure(say)
    finish(result, measurement.over_limits(result), report.evaluate, as_json=as_json, check=check)


@bench.command()
@common
@click.option("--samples", type=click.IntRange(10_000), help="Rows of the file. Default: a million.")
def coverage(as_json: bool, check: bool, samples: int | None) -> None:
    """From a CSV of measurements to classes, gaps and sites; a batch more; the coverage page."""
    from cockpit.bench import coverage as measurement
    from cockpit.bench import report

    with plainly():
        result = measurement.measure(samples or measurement.SAMPLES, progress=say)
    finish(result, measurement.over_limits(result), report.coverage, as_json=as_json, check=check)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
@data_dir
@profile_option
def forecast(as_json: bool, data_dir: Path, profile: str) -> None:
    """How well the figures of a database are forecast: every method, tried on days held back."""
    from cockpit.bench import forecast as measurement
    from cockpit.profiles import ProfileError, load
    from cockpit.store import StoreError

    try:
        result = measurement.measure(data_dir / "cockpit.db", load(profile))
    except (ProfileError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    if not result["indicators"]:
        say("no indicator has days enough: a demo has them once its past is there")
    finish(result, [], measurement.table, as_json=as_json, check=False)


@bench.command()
@common
@click.argument("what", type=click.Choice(("ingest", "pages", "screen")))
@click.option("--base", required=True, metavar="REV", help="What to compare with: commit, branch or tag.")
@click.option("--rounds", type=click.IntRange(1, 99), help="Pairs to measure. Default: as many as 45 s hold.")
def compare(as_json: bool, check: bool, what: str, base: str, rounds: int | None) -> None:
    """This clone against another revision of it, as whole servers under the same load, in turn.

    The first time for a revision an environment is made from its constraints.txt, which takes a minute.
    """
    from cockpit.bench import compare as measurement
    from cockpit.bench import report

    with plainly():
        result = measurement.compare(base, what, rounds=rounds, progress=say)
    finish(result, measurement.over_limits(result), report.compare, as_json=as_json, check=check)
