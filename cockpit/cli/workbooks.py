"""`cockpit import|export plans`: a plan as a workbook, in and out. `cockpit export audit`: who did what."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from cockpit.cli.gaps import export_gaps
from cockpit.cli.token import data_dir, keep_private, profile_option
from cockpit.clock import Clock, RealClock
from cockpit.commands import Actor, Command, Result, execute, forwarding
from cockpit.commands.plan_putting import PlanPut
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.periods import DAY_MS
from cockpit.domain.plans import counting
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.drafts import Mistake
from cockpit.domain.plans.model import Draft, Plan
from cockpit.domain.plans.putting import completed
from cockpit.ingest import audit_writing, plan_reading, plan_writing
from cockpit.ingest.plan_layout import MAX_FILE
from cockpit.ingest.plan_reading import Wrong
from cockpit.profiles import Profile, ProfileError, load
from cockpit.store import Store, StoreError, belonging, meta
from cockpit.store.database import reader
from cockpit.store.handles import Read
from cockpit.store.lock import DirectoryHeld, Owner, hold
from cockpit.store.queries import audit, plans

ACTOR = Actor("cockpit import", "admin")
SHOWN = 20
MOST_ENTRIES = 1_000_000
"""Commands of a file: more than a spreadsheet has lines helps nobody."""
language = click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)


@click.group("export")
def export() -> None:
    """Take along what is kept, as files."""


export.add_command(export_gaps)


@export.command("plans")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--plan", "code", default="", help="Code of the plan; the one that runs unless told.")
@language
@data_dir
@profile_option
def export_plans(file: Path, code: str, lang: str, data_dir: Path, profile: str) -> None:
    """A plan as a workbook (XLSX) in the layout that `cockpit import plans` reads."""
    loaded = _profile(profile)
    path = data_dir / "cockpit.db"
    try:
        belonging.must_be_of(path, loaded)
        with closing(reader(path)) as conn:
            found = _asked(Read(conn), code, loaded, _now(path))
        file.write_bytes(plan_writing.write(found, loaded, lang))
    except (StoreError, OSError) as error:
        raise click.ClickException(str(error)) from None
    rows = len(found.targets) + len(found.tasks) + len(found.projects)
    click.echo(f"{file}: plan {found.facts.code}, {rows} rows")


@export.command("audit")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--days",
    type=click.IntRange(1, 1200),
    default=30,
    show_default=True,
    help="How far back, in domain time.",
)
@data_dir
@profile_option
def export_audit(file: Path, days: int, data_dir: Path, profile: str) -> None:
    """What people did and what became of it, as CSV, the newest first."""
    loaded = _profile(profile)
    path = data_dir / "cockpit.db"
    try:
        belonging.must_be_of(path, loaded)
        now = _now(path)
        with closing(reader(path)) as conn:
            found = audit.entries(Read(conn), now - days * DAY_MS, now + 1, limit=MOST_ENTRIES)
        file.write_bytes(audit_writing.write(found))
    except (StoreError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {len(found)} commands of {days} days")


@click.command("plans")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="Why, for the record.")
@data_dir
@profile_option
def import_plans(file: Path, reason: str, data_dir: Path, profile: str) -> None:
    """A plan from a workbook (XLSX): all of it or nothing; every wrong cell is named."""
    loaded = _profile(profile)
    keep_private(data_dir)
    path = data_dir / "cockpit.db"
    try:
        with file.open("rb") as opened:
            brought = plan_reading.read(opened.read(MAX_FILE + 1), loaded)
        if brought.draft is None:
            raise click.ClickException(_told(file, brought.wrong, brought.more))
        belonging.must_be_of(path, loaded)
        result = _put(path, loaded, brought.draft, reason)
    except (StoreError, OSError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    if not result.ok:
        wrong = [brought.where(Mistake(**one)) for one in result.facts.get("mistakes", [])]
        more = max(0, int(result.facts.get("wrong", 0)) - len(wrong))
        told = _told(file, wrong, more) if wrong else f"{file}: {result.code} {result.facts}"
        raise click.ClickException(told)
    facts = result.facts
    told = ", ".join(f"{facts[name]} {name}" for name in ("new", "edited", "same"))
    click.echo(f"{file}: plan {facts['plan']}: {told}; {facts['left']} in the register and not in the file")


def _put(path: Path, loaded: Profile, draft: Draft, reason: str) -> Result:
    """By the process that owns the data, or through the store itself."""
    try:
        lock = hold(path.parent, role="import")
    except DirectoryHeld as held:
        return _by_owner(path, held.owner, draft, reason)
    try:
        played = meta.peek(path, "domain_ms")
        clock: Clock = VirtualClock(int(played)) if played else RealClock()
        store = Store(path, loaded, clock, writable=True, beside=(lock.path,))
        store.start()
        try:
            with store.read() as conn:
                order = PlanPut(plan=completed(draft, plans.plan(conn, draft.code)))
            here = _Alone(store, loaded, clock, is_demo=played is not None)
            return execute(here, Command(ACTOR, order, reason))
        finally:
            store.close()
    finally:
        lock.release()


def _by_owner(path: Path, owner: Owner, draft: Draft, reason: str) -> Result:
    if not owner.address:
        raise click.ClickException(str(DirectoryHeld(path.parent, owner)))
    with closing(reader(path)) as conn:
        order = PlanPut(plan=completed(draft, plans.plan(Read(conn), draft.code)))
    forward = forwarding.to(path, owner.address, ACTOR.name, RealClock())
    try:
        return forward(Command(ACTOR, order, reason))
    finally:
        forward.close()


@dataclass(frozen=True, slots=True)
class _Alone:
    """What a command needs where no cockpit runs."""

    store: Store
    profile: Profile
    clock: Clock
    is_demo: bool
    writable: bool = True
    demo: None = None
    forward: None = None


def _asked(conn: Read, code: str, loaded: Profile, now: int) -> Plan:
    """The plan that is asked for. Raises ClickException."""
    heads = plans.heads(conn)
    if not code:
        running = counting.running(heads, Days(loaded.utc_offset_s).of(now))
        code = running.facts.code if running else ""
    found = plans.plan(conn, code)
    if found is None:
        known = ", ".join(p.facts.code for p in heads) or "none"
        raise click.ClickException(f"plan {code!r}: there is no such plan, expected one of: {known}")
    return found


def _now(path: Path) -> int:
    return int(meta.peek(path, "domain_ms") or 0) or RealClock().domain_ms()


def _told(file: Path, wrong: list[Wrong], more: int) -> str:
    n = len(wrong) + more
    lines = [f"{file}: nothing was taken, {n} to mend"]
    lines += [
        " ".join(part for part in (w.sheet, w.cell, w.code, repr(w.found)) if part) for w in wrong[:SHOWN]
    ]
    if n > SHOWN:
        lines.append(f"and {n - SHOWN} more")
    return "\n".join(lines)


def _profile(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
