"""`cockpit rules`: the tests beside the rules of a profile, and the rules of a running cockpit."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from cockpit.cli.simulate import SIZES
from cockpit.cli.token import data_dir, profile_option
from cockpit.clock import RealClock
from cockpit.commands import Actor, Command, forwarding
from cockpit.commands.rule_sets import RulesReload
from cockpit.domain.alerting.rule_set import Difference
from cockpit.domain.instants import iso
from cockpit.engine import backtest as trying
from cockpit.engine import rule_tests
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.kinds import kind_of
from cockpit.engine.layout import checked, reread
from cockpit.profiles import Profile, ProfileError, load
from cockpit.store import Store, StoreError, alerting, rule_sets
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
    decided_here = {r.kind for r in loaded.rules if not kind_of(r).of_incoming}
    untested = sorted(decided_here - {loaded.rule[one.rule].kind for one in found})
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


@rules.command()
@click.argument("rule")
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True)
@click.option(
    "--rules",
    "file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A file like rules.toml in which RULE stands as it might be; without, RULE as it is in force.",
)
@click.option("--first", type=click.IntRange(0), default=20, show_default=True, help="So many are listed.")
@data_dir
@profile_option
@click.option("--size", type=click.Choice(SIZES), default="province", show_default=True)
def backtest(
    rule: str, days: int, file: Path | None, first: int, data_dir: Path, profile: str, size: str
) -> None:
    """Say what RULE would have done over the past that is stored, beside what it did. Nothing is written; a
    cockpit may work in the data directory meanwhile. Singly kept values tell exactly, sums by the hour as
    far as they can."""
    try:
        province = checked(load(profile, size=size))
        for line in _tried(data_dir / "cockpit.db", province, rule, days, file, first):
            click.echo(line)
    except (ProfileError, StoreError) as error:
        raise click.ClickException(str(error)) from None


def _tried(
    path: Path, profile: Profile, code: str, days: int, file: Path | None, first: int
) -> Iterator[str]:
    if not path.exists():
        raise click.ClickException(f"{path}: no such database")
    store = Store(path, profile, RealClock(), writable=False)
    store.start()
    try:
        _, kept = rule_sets.newer(store, "") or ("", None)
        held = profile if kept is None else replace(profile, rules=kept)
        wanted = held if file is None else reread(held, path=file)
        if code not in wanted.rule:
            known = ", ".join(wanted.rule)
            raise click.ClickException(f"rule {code!r}: no such rule, expected one of: {known}")
        with store.read() as conn:
            now = {DOMAIN: alerting.evaluated(conn, "domain"), REAL: alerting.evaluated(conn, "real")}
        found = trying.backtest(store, wanted, wanted.rule[code], days, now)
        yield from _told(found, first)
        if file is not None and code in held.rule and held.rule[code] != wanted.rule[code]:
            now_held = trying.backtest(store, held, held.rule[code], days, now)
            version = held.rule[code].version
            yield f"as it is in force (version {version}) it would have raised {len(now_held.found)}"
    finally:
        store.close()


def _told(found: trying.Backtest, first: int) -> Iterator[str]:
    rule = found.rule
    yield f"{rule.code} version {rule.version}, {iso(found.start)} to {iso(found.end)}"
    if not found.kept:
        yield "what it judges is not kept, so nobody can say what it would have done"
        return
    single = "" if found.single_from is None else iso(found.single_from)
    if "hours" not in found.kept:
        yield f"from values kept one by one since {single}; sums by the hour do not tell"
    elif single:
        yield f"from sums by the hour, since {single} from values kept one by one"
    else:
        yield "from sums by the hour"
    rolled = sum(one.rolled for one in found.found)
    yield f"would have raised {len(found.found)} ({rolled} by sums); did raise {len(found.did)}"
    only = len(found.found) - len(found.both)
    yield f"both {len(found.both)}, only would have {only}, only did {len(found.missed)}"
    for one in found.found[:first]:
        closed = "still open" if one.closed is None else iso(one.closed)
        value = "" if one.value is None else f"  {one.value:g}"
        how = "  by sums" if one.rolled else ""
        yield f"{iso(one.opened)}  {closed}  {one.subject.code}{value}{how}"
