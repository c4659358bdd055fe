"""`cockpit check`: is the profile sound, is the database?"""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.token import data_dir, profile_option
from cockpit.domain.periods import OFFSET_S
from cockpit.engine.layout import checked
from cockpit.profiles import Profile, ProfileError, load, maps, roster
from cockpit.profiles.reader import Problems
from cockpit.store import StoreError, belonging, evidence, integrity, marks
from cockpit.store.audit import audit
from cockpit.store.database import claim as note_whose
from cockpit.store.database import is_blank, reader
from cockpit.store.lock import DirectoryHeld, Lock, hold
from cockpit.store.marks import Mark

SHOWN = 20


@click.command()
@data_dir
@profile_option
@click.option(
    "--accept",
    is_flag=True,
    help="Take the database as it is, where data are gone or an older copy was put back on purpose.",
)
@click.option(
    "--claim",
    is_flag=True,
    help="Note that data of a version that noted no province are those of the profile.",
)
@click.option(
    "--people",
    envvar="COCKPIT_PEOPLE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file that says who is who in `serve`.",
)
def check(data_dir: Path, profile: str, accept: bool, claim: bool, people: Path | None) -> None:
    """Check the profile's files, who is who, that the database is this province's and still the one that was
    written here, its integrity, and a sample of the roll-ups against the observations they stand for. Exit
    code 1 where something is wrong."""
    if accept:
        _accept(data_dir)
    if claim:
        _claim(data_dir, profile)
    wrong = False
    loaded = None
    offset_s = OFFSET_S
    try:
        loaded = checked(load(profile))
    except ProfileError as error:
        wrong = True
        click.echo(str(error), err=True)
    else:
        offset_s = loaded.utc_offset_s
        wrong = not _profile(loaded)
        wrong = not _people(people, loaded) or wrong
    path = data_dir / "cockpit.db"
    try:
        mark = marks.read(path)  # before the database: that one may go on
    except StoreError as error:
        wrong = True
        mark = None
        click.echo(str(error), err=True)
    if not path.exists():
        if mark is None:
            click.echo(f"database {path}: none yet")
        else:
            wrong = True
            click.echo(f"database {path}: {marks.missing(path, mark)}", err=True)
    else:
        problems = _problems(path, mark, loaded)
        wrong = wrong or bool(problems)
        for line in problems:
            click.echo(f"database {path}: {line}", err=True)
        if not problems:
            problems = _compared(path, offset_s)
            wrong = not _evidence(path) or wrong or bool(problems)
    raise SystemExit(1 if wrong else 0)


def _people(path: Path | None, loaded: Profile) -> bool:
    """Say whether the file of the people, where there is one, is as it should be."""
    if path is None:
        return True
    problems = Problems()
    found = roster.read(path, {*loaded.unit, *loaded.bodies}, problems)
    for line in problems.found:
        click.echo(f"people: {line}", err=True)
    if not problems.found:
        click.echo(f"people: {len(found)} have a role")
    return not problems.found


def _profile(loaded: Profile) -> bool:
    """Say whether a profile that has loaded is sound: its maps too, its scenarios and what is simulated."""
    told = maps.mistakes(loaded)
    playable, problems = _simulator(loaded)
    told += problems
    for line in told:
        click.echo(f"profile {loaded.code}: {line}", err=True)
    if not told:
        counts = f"{len(loaded.assets)} assets, {len(loaded.indicators)} indicators"
        click.echo(f"profile {loaded.code}: {counts}, sound")
        for line in playable:
            click.echo(f"simulator: {line}")
    return not told


def _simulator(loaded: Profile) -> tuple[list[str], list[str]]:
    """What the simulator has to say of a profile, and the mistakes in what is meant for it alone."""
    from simulator.devices import unplayed
    from simulator.reading import FILE, simulation_of
    from simulator.scenario import ScenarioError, cast, load_scenario, names

    try:
        simulation = simulation_of(loaded)
    except ProfileError as error:
        if (loaded.folder / FILE).exists():
            return [], list(error.problems)
        return [f"cannot play this province: {problem}" for problem in error.problems], []
    problems, played = [], 0
    try:
        for code in names(loaded):
            story = load_scenario(code, loaded)
            cast([(story, story.start_ms)], loaded, 1)
            played += 1
    except ScenarioError as error:
        problems.append(str(error))
    silent = unplayed(loaded, simulation.signals)
    told = [f"{played} scenarios"] + ([f"nothing is sent of {', '.join(silent)}"] if silent else [])
    return told, problems


def _compared(path: Path, offset_s: int) -> list[str]:
    conn = reader(path)
    try:
        if is_blank(conn):
            click.echo(f"database {path}: empty, nothing was stored yet")
            return []
        compared, problems = audit(conn, offset_s=offset_s)
    finally:
        conn.close()
    for line in problems[:SHOWN]:
        click.echo(f"database {path}: {line}", err=True)
    if len(problems) > SHOWN:
        click.echo(f"database {path}: and {len(problems) - SHOWN} more", err=True)
    if not problems:
        click.echo(f"database {path}: sound; {compared} hours of an asset agree with their roll-ups")
    return problems


def _evidence(path: Path) -> bool:
    """Say whether the files that entries name are there as they were handed in."""
    conn = reader(path)
    try:
        n, problems = evidence.problems(conn, path)
    finally:
        conn.close()
    where = evidence.folder(path)
    for line in problems[:SHOWN]:
        click.echo(f"evidence {where}: {line}", err=True)
    if n and not problems:
        click.echo(f"evidence {where}: {n} files, as they were handed in")
    return not problems


def _problems(path: Path, mark: Mark | None, profile: Profile | None) -> list[str]:
    try:
        if profile is not None:
            belonging.must_be_of(path, profile)
        conn = reader(path)
    except StoreError as error:
        return [str(error)]
    try:
        problems = integrity(conn)
        if problems:
            return problems
        lost = marks.loss(path, mark, marks.of(conn))
        return [lost] if lost else []
    except StoreError as error:
        return [str(error)]
    finally:
        conn.close()


def _accept(data_dir: Path) -> None:
    """The mark follows the database. Raises ClickException where a cockpit works in it or it is damaged."""
    path = data_dir / "cockpit.db"
    lock = _held(data_dir)
    try:
        held_mark = None
        if path.exists():
            conn = reader(path)
            try:
                held_mark = marks.of(conn)
            finally:
                conn.close()
        marks.accept(path, held_mark)
    except (StoreError, OSError) as error:
        raise click.ClickException(f"{path}: {error}") from None
    finally:
        lock.release()
    click.echo(f"database {path}: accepted as it is")


def _claim(data_dir: Path, profile: str) -> None:
    """Whose data these are is on record. Raises ClickException where a cockpit works in them, or they are
    another province's."""
    path = data_dir / "cockpit.db"
    lock = _held(data_dir)
    try:
        loaded = load(profile)
        note_whose(path, loaded)
    except (ProfileError, StoreError, OSError) as error:
        raise click.ClickException(f"{path}: {error}") from None
    finally:
        lock.release()
    click.echo(f"database {path}: noted as those of {loaded.code}")


def _held(data_dir: Path) -> Lock:
    """The directory, for who changes what is noted in it."""
    if not data_dir.is_dir():
        raise click.ClickException(f"{data_dir} is not there: nothing to accept")
    try:
        return hold(data_dir, role="check")
    except DirectoryHeld as held:
        raise click.ClickException(f"{held}: end it first") from None
