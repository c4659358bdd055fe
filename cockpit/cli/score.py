"""`cockpit score`: play scenarios whose every fault is known, and judge what the cockpit made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from cockpit.cli.simulate import SIZES, Span
from cockpit.cli.token import profile_option
from cockpit.config import DEFAULT_PROFILE
from cockpit.engine.layout import checked
from cockpit.profiles import Profile, ProfileError, load
from cockpit.score import record, report
from cockpit.score.harness import PAST_DAYS, HarnessError
from cockpit.score.result import Result
from cockpit.score.runs import Job, run_all
from cockpit.score.truth import TruthError
from cockpit.store import StoreError
from simulator.kinds import KINDS
from simulator.reading import simulation_of
from simulator.scenario import Scenario, ScenarioError, draw, load_scenario, names


class Seeds(click.ParamType[tuple[int, ...]]):
    """Seeds such as 7, or 1,2,3, or 101-110."""

    name = "seeds"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        found: list[int] = []
        for part in str(value).split(","):
            first, dash, last = part.partition("-")
            if not first.isdecimal() or (dash and not last.isdecimal()):
                self.fail(f"{value!r}: expected seeds such as 7, or 1,2,3, or 101-110", param, ctx)
            found.extend(range(int(first), int(last or first) + 1))
        if not found:
            self.fail(f"{value!r}: holds no seed", param, ctx)
        return tuple(found)


@click.command()
@click.option(
    "--scenario", "scenarios", multiple=True, help="Code of a scenario, or a file; may be repeated."
)
@click.option("--random", "drawn", type=click.IntRange(1), help="So many scenarios drawn from each seed.")
@click.option("--all", "every", is_flag=True, help="Every scenario of the province.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--seeds", type=Seeds(), help="Several seeds instead: 1,2,3 or 101-110.")
@click.option(
    "--for", "length_ms", type=Span(), default="6h", show_default=True, help="Domain time of a run."
)
@click.option("--size", type=click.Choice(SIZES), default="district", show_default=True)
@profile_option
@click.option(
    "--step", "step_ms", type=Span(), default="60s", show_default=True, help="Domain time of a tick."
)
@click.option(
    "--past", "past_days", type=click.IntRange(0, 365), default=PAST_DAYS, show_default=True,
    help="Days of a past before the start.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Processes side by side.")
@click.option("--check", is_flag=True, help="Exit 1 below a target or below what is on record.")
@click.option("--record", "keep", is_flag=True, help="Put these figures on record.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on stdout.")
def score(
    scenarios: tuple[str, ...],
    drawn: int | None,
    every: bool,
    seed: int,
    seeds: tuple[int, ...] | None,
    length_ms: int | None,
    size: str,
    profile: str,
    step_ms: int,
    past_days: int,
    jobs: int,
    check: bool,
    keep: bool,
    as_json: bool,
) -> None:
    """Precision, recall, delay and causes of the alerts, from scenarios whose every fault is known."""
    if scenarios and (drawn or every):
        raise click.UsageError("--scenario excludes --random and --all")
    used = seeds or (seed,)
    try:
        loaded = checked(load(profile, size=size))
        simulation_of(loaded)  # a mistake in it is told before anything plays
        todo = [
            Job(name, chosen, s, profile, size, length_ms or 0, step_ms, past_days)
            for s in used
            for name, chosen in _chosen(scenarios, drawn, every, loaded, s)
        ]
        results = run_all(todo, jobs, _Teller(len(todo)))
    except (ProfileError, ScenarioError, HarnessError, TruthError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    parts = ["all"] * every + [f"random {drawn}"] * bool(drawn)
    what = " + ".join(parts or scenarios or ["quiet_day"])
    settings = {
        "scenarios": what,
        "seeds": list(used),
        "size": size,
        "hours": length_ms and length_ms / 3_600_000,
    }
    if past_days != PAST_DAYS:
        settings["past_days"] = past_days
    if loaded.code != DEFAULT_PROFILE:
        settings["profile"] = loaded.code
    found = report.report(results, loaded, KINDS, settings)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(report.tables(found)))
    short = record.broken(found, record.recorded())
    for line in short:
        click.echo(f"short of it: {line}", err=True)
    if keep:
        record.record(found)
    if check and short:
        raise SystemExit(1)


def _chosen(
    scenarios: Sequence[str], drawn: int | None, every: bool, profile: Profile, seed: int
) -> list[tuple[str, tuple[Scenario, ...]]]:
    """Name and scenarios of each run of a seed."""
    codes = names(profile) if every else scenarios or ([] if drawn else ["quiet_day"])
    found = [*(load_scenario(code, profile) for code in codes), *draw(profile, seed, drawn or 0)]
    return [(s.code, (s,)) for s in found]


class _Teller:
    """Tells each run that has ended on stderr."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def __call__(self, result: Result) -> None:
        self._done += 1
        told = ", ".join(f"{len(rows)} {sort}" for sort, rows in result.findings.items()) or "all well"
        line = f"{self._done}/{self._total} {result.name} seed {result.seed}: {result.seconds} s: {told}"
        click.echo(line, err=True)
