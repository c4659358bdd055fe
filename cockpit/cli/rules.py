"""`cockpit rules`: the tests beside the rules of a profile."""

from __future__ import annotations

import click

from cockpit.cli.simulate import SIZES
from cockpit.cli.token import profile_option
from cockpit.engine import rule_tests
from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError, load


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
