"""`cockpit rules`: the tests beside the rules of a profile, and the rules of a running cockpit."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from cockpit.cli.simulate import SIZES
from cockpit.cli.token import data_dir, profile_option
from cockpit.clock import RealClock
from cockpit.commands import Actor, Command, forwarding
from cockpit.commands.rule_sets import RulesReload
from cockpit.domain.alerting.rule_set import Difference
from cockpit.engine import rule_tests
from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError, load
from cockpit.store import StoreError
from cockpit.store.lock import holder

LABEL = "rules read anew"
"""Of the token that lives as long as the command."""


@click.group()
def rules() -> None:
    """Rules of a profile."""


@rules.command()
@profile_option
@click.option("--size", type=click.Choice(SIZES), default="district", show_default=True)
def test(profile: str, size: str) -> None:
    """Run the tests of rule_tests.toml. Exits 1 with place and difference where one finds something else."""
    try:
        loaded = checked(load(profile, size=size))
        found = rule_tests.read(loaded)
    except ProfileError as error:
        raise click.ClickException(str(error)) from error
    wrong = 0
    for one in found:
        told = rule_tests.differences(loaded, one)
        wrong += bool(told)
        for sentence in told:
            click.echo(sentence)
    untested = sorted({r.kind for r in loaded.rules} - {loaded.rule[one.rule].kind for one in found})
    click.echo(f"{len(found)} tests, {wrong} failed; kinds without a test: {', '.join(untested) or 'none'}")
    if wrong:
        raise click.exceptions.Exit(1)


@rules.command()
@data_dir
@click.option("--by", default=getpass.getuser, show_default="your name here", help="Who has it done.")
@click.option("--reason", default="", help="Why, for the record.")
def reload(data_dir: Path, by: str, reason: str) -> None:
    """Have the cockpit that works in the data directory read the rules of its profile anew, without a
    restart. Exits 1 where they have mistakes, each with place and cure; then all stay as they are."""
    owner = holder(data_dir)
    if owner is None or not owner.address:
        raise click.ClickException(f"no cockpit works in {data_dir}: a start reads the rules by itself")
    try:
        forward = forwarding.to(data_dir / "cockpit.db", owner.address, LABEL, RealClock())
        try:
            result = forward(Command(Actor(by, "admin"), RulesReload(), reason))
        finally:
            forward.close()
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    if result.code == "already":
        click.echo("the file says what is in force already")
    elif not result.ok:
        wrong = "\n".join(str(one) for one in result.facts.get("mistakes", ()))
        raise click.ClickException(f"{result.code}: all rules stay as they are\n{wrong}".strip())
    else:
        told = ((name, result.facts.get(name, ())) for name in Difference._fields)
        moved = "; ".join(f"{name} {', '.join(codes)}" for name, codes in told if codes)
        click.echo(f"{result.facts['rules']} rules in force: {moved or 'another order'}")
