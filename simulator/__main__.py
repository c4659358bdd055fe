"""`python -m simulator live` plays to a cockpit; `python -m simulator history` writes the past as NDJSON,
`python -m simulator span` what a jump skips."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # types alone: each command loads what it plays with, and no other's
    from simulator.history import Part
    from simulator.samples import Deaf


@click.group()
def main() -> None:
    """The province that stands in for the real one."""


@main.command()
def live() -> None:
    """Play live. Reads one line of JSON from standard input (address, token, profile, seed, size,
    deaf), ends with it."""
    from simulator.feed import Refused
    from simulator.feed import live as play

    try:
        play(sys.stdin)
    except Refused as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--profile", required=True, help="Its name, or the path of its folder.")
@click.option("--seed", default=7, show_default=True)
@click.option("--size", default="province", show_default=True)
@click.option("--deaf", type=click.Choice(["drop", "later"]), default="drop", show_default=True)
@click.option("--days", default=30, show_default=True)
@click.option("--until", required=True, help="End of the past: ISO 8601 with offset.")
@click.option(
    "--raw-hours", default=1.0, show_default=True, help="Raw observations for so long before the end."
)
@click.option("--attended", is_flag=True, help="End as soon as standard input does.")
@click.option(
    "--part", type=click.Choice(["all", "core", "detail", "surveys"]), default="all", show_default=True
)
@click.option(
    "--scenario", "scenarios", type=(str, str), multiple=True, help="One that played: code, since when."
)
def history(
    profile: str,
    seed: int,
    size: str,
    deaf: Deaf,
    days: int,
    until: str,
    raw_hours: float,
    attended: bool,
    part: Part,
    scenarios: tuple[tuple[str, str], ...],
) -> None:
    """Write the past before an instant to standard output, newest first: the core is what screens need at
    once, the detail are raw observations and radio samples."""
    from cockpit.profiles import load
    from simulator.feed import end_with, ms_of
    from simulator.history import History
    from simulator.orders import episodes_of
    from simulator.play import Play

    if attended:
        end_with(sys.stdin)
    try:
        end = ms_of(until)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--until") from None
    play = Play(load(profile, size=size), seed, deaf)
    begun = [{"code": code, "from": since} for code, since in scenarios]
    play.obey(episodes_of(begun, (), play.profile, seed))
    past = History(play, days, end, round(raw_hours * 3_600_000))
    past.write(sys.stdout.buffer, part)


@main.command()
def span() -> None:
    """Write what a jump skips to standard output. Reads one line of JSON from standard input: profile, seed,
    size, deaf, start_ms, end_ms, and what is on the stage as `GET /api/v1/clock` gives it."""
    import json

    from cockpit.profiles import load
    from simulator.feed import end_with
    from simulator.orders import episodes_of
    from simulator.play import Play
    from simulator.span import Span

    task = json.loads(sys.stdin.readline())
    end_with(sys.stdin)
    play = Play(load(task["profile"], size=task["size"]), task["seed"], task["deaf"])
    play.obey(episodes_of(task.get("scenarios", ()), task.get("faults", ()), play.profile, play.seed))
    for piece in Span(play, task["start_ms"], task["end_ms"]).lines():
        sys.stdout.buffer.write(piece)


if __name__ == "__main__":
    main()
