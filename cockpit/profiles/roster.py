"""Who is who in a cockpit in earnest: a CSV file that its administrators keep, read again when it changes.

A wrong line gives nobody a right, and is named; what the other lines say goes on.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain.person import EXPECTED, known_as
from cockpit.domain.roles import OF_A_UNIT, Role, roles_of
from cockpit.domain.text import plain
from cockpit.profiles.model import Profile
from cockpit.profiles.reader import NOTHING, Problems, read_csv

log = logging.getLogger(__name__)

COLUMNS = ("identity", "name", "role", "unit")
ROLES = roles_of(demo=False)
MAX_SHOWN = 100
"""Signs of the name by which others call somebody."""

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One of the people: `name` is how others call them, `unit` the code of a unit or department or ""."""

    name: str
    role: Role
    unit: str


def read(path: Path, codes: Collection[str], problems: Problems) -> dict[str, Enrolled]:
    """The people of a file by identity, that is by the name under which they sign in.

    `codes`: of units and departments. An identity that is named twice is nobody's: which of both lines
    was meant, nobody can tell.
    """
    found: dict[str, Enrolled] = {}
    lines: dict[str, int] = {}  # by identity, where it was named first, rightly or not
    twice: set[str] = set()
    for line, row in read_csv(path, COLUMNS, problems):
        where = f"{path.name} line {line}"
        identity, name, role, unit = (cell.strip() for cell in row)
        who = known_as(identity)
        known = next((one for one in ROLES if one == role), None)
        first = lines.setdefault(who, line) if who is not None else line
        if who is None:
            problems.add(f"{where} identity", identity, EXPECTED)
        elif first != line:
            problems.add(f"{where} identity", who, f"one that line {first} has not named: neither counts")
            twice.add(who)
        elif known is None:
            problems.add(f"{where} role", role, f"one of {', '.join(ROLES)}")
        elif unit and unit not in codes:
            problems.add(f"{where} unit", unit, "the code of a unit or of a department of the profile")
        elif not unit and known in OF_A_UNIT:
            problems.add(f"{where} unit", NOTHING, f"the code of the unit whose {known} this is")
        else:
            found[who] = Enrolled(plain(name)[:MAX_SHOWN] or who, known, unit)
    return {who: enrolled for who, enrolled in found.items() if who not in twice}


class Roster:
    """The people of a file as it is now. A look costs one `stat`; from every thread."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self._path = path
        self._codes = frozenset((*profile.unit, *profile.bodies))
        self._lock = threading.Lock()
        self._stamp: _Stamp = (0, 0, 0)
        self._people: Mapping[str, Enrolled] = {}
        self.problems: tuple[str, ...] = ()

    def of(self, identity: str) -> Enrolled | None:
        """Who somebody is, None for those whom the file does not name. Where it cannot be read, nobody is
        named: rights of yesterday may have been taken away."""
        with self._lock:
            stamp = self._look()
            if stamp != self._stamp:
                self._read()
                self._stamp = stamp
            return self._people.get(identity)

    def _look(self) -> _Stamp:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> None:
        problems = Problems()
        self._people = read(self._path, self._codes, problems)
        self.problems = tuple(problems.found)
        for problem in self.problems:
            log.warning("people: %s", problem)
        log.info("people: %d have a role", len(self._people))
