"""Citizens' feedback: how a petition stands, which petitions are one complaint, and who may read what of one.

**One complaint.** Two petitions are of one complaint where they are of the same field, came within `NEAR_MS`
of each other, and are near in place: of the same unit, or at most `NEAR_M` apart where both say where they
are. What hangs together by such pairs is a cluster if it has at least `LEAST` petitions, and at least
`UNUSUAL` times as many as its units and field bring in as long a time otherwise: where many write every day,
three within an afternoon are no sign of anything. The three numbers are the cockpit's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from cockpit.domain.access import sees
from cockpit.domain.geo import haversine_m
from cockpit.domain.periods import HOUR_MS
from cockpit.domain.roles import Reader, Role

FEEDBACK = "feedback"
"""The kind of its records."""

SATISFIED = 4
"""From so many of five points on somebody is satisfied."""

NEAR_MS = 4 * HOUR_MS
NEAR_M = 2_000
LEAST = 3
UNUSUAL = 3

State = Literal["received", "processing", "closed"]
STATES: tuple[State, ...] = ("received", "processing", "closed")

Sight = Literal["nothing", "text", "all"]
"""What somebody may read of a single petition beside its figures: the words of it, or who wrote as well."""

PUBLIC = ("field", "channel", "rating", "lat", "lon")
"""Fields that say nothing of a person."""
TEXT = "text"
"""The field with the words. Every field beside it and those of `PUBLIC` counts as personal: a feed may bring
what nobody here has thought of."""


class Petition(NamedTuple):
    """What is counted of a petition. Times in ms of domain time; `rating` is 1 to 5; `lat` and `lon` in
    degrees of WGS84, where its feed tells them."""

    key: str
    unit: str  # code, "" where it is of none
    field: str  # code of what it is about, "" where its feed does not say
    state: str
    opened: int
    due: int | None
    closed: int | None
    rating: float | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def open(self) -> bool:
        return self.closed is None

    @property
    def in_time(self) -> bool:
        """Whether it was closed by its due time."""
        return self.closed is not None and self.due is not None and self.closed <= self.due

    def late(self, now_ms: int) -> bool:
        """Whether it is open beyond its due time."""
        return self.closed is None and self.due is not None and self.due < now_ms


class Count(NamedTuple):
    """Of some petitions: those that came since `since`, those open, and how those closed since then ended."""

    received: int = 0
    open: int = 0
    late: int = 0
    closed: int = 0
    on_time: int = 0
    rated: int = 0
    satisfied: int = 0


def count(petitions: Iterable[Petition], since_ms: int, now_ms: int) -> Count:
    """Counted as the indicators count them: what was closed on the day it was closed, what is late now."""
    n: Counter[str] = Counter()
    for one in petitions:
        n["received"] += one.opened >= since_ms
        if one.closed is None:
            n["open"] += 1
            n["late"] += one.late(now_ms)
        elif one.closed >= since_ms:
            n["closed"] += 1
            n["on_time"] += one.in_time
            if one.rating is not None:
                n["rated"] += 1
                n["satisfied"] += one.rating >= SATISFIED
    return Count(**n)


class Cluster(NamedTuple):
    """Petitions of one complaint, the first to come first. `units` are where they lie, most of them first."""

    field: str
    units: tuple[str, ...]
    petitions: tuple[Petition, ...]

    @property
    def key(self) -> str:
        """What names it: the key of the first petition."""
        return self.petitions[0].key

    @property
    def first(self) -> int:
        return self.petitions[0].opened

    @property
    def last(self) -> int:
        return self.petitions[-1].opened

    @property
    def open(self) -> int:
        """How many of them are open."""
        return sum(one.open for one in self.petitions)


def clusters(petitions: Sequence[Petition]) -> tuple[Cluster, ...]:
    """The clusters among all petitions of some time, the largest first. In whatever order they are told, the
    same ones come out. Petitions without a field or a unit are in none."""
    fields: dict[str, list[Petition]] = defaultdict(list)
    for one in petitions:
        if one.field and one.unit:
            fields[one.field].append(one)
    found = [cluster for same in fields.values() for cluster in _of_field(sorted(same, key=_came))]
    return tuple(sorted(found, key=lambda c: (-len(c.petitions), -c.last, c.key)))


def _came(one: Petition) -> tuple[int, str]:
    return one.opened, one.key


def _of_field(same: list[Petition]) -> list[Cluster]:
    """`same` are all of one field in the order in which they came."""
    group = list(range(len(same)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    first = 0
    for n, one in enumerate(same):
        while one.opened - same[first].opened > NEAR_MS:
            first += 1
        for before in range(first, n):
            if _near(one, same[before]):
                group[root(n)] = root(before)
    together: dict[int, list[Petition]] = defaultdict(list)
    for n, one in enumerate(same):
        together[root(n)].append(one)
    return [_cluster(some) for some in together.values() if len(some) >= LEAST and _unusual(some, same)]


def _near(a: Petition, b: Petition) -> bool:
    if a.unit == b.unit:
        return True
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    return haversine_m(a.lat, a.lon, b.lat, b.lon) <= NEAR_M


def _unusual(some: list[Petition], same: list[Petition]) -> bool:
    """Whether they are many against what their units bring of the field in the rest of the time."""
    units = {one.unit for one in some}
    whole, span = same[-1].opened - same[0].opened, some[-1].opened - some[0].opened + NEAR_MS
    others = sum(one.unit in units for one in same) - len(some)
    # They are more than `UNUSUAL` times others * span / rest; the products spare the division.
    return len(some) * max(whole - span, 0) >= UNUSUAL * others * span


def _cluster(some: list[Petition]) -> Cluster:
    many = Counter(one.unit for one in some)
    return Cluster(some[0].field, tuple(sorted(many, key=lambda u: (-many[u], u))), tuple(some))


def sight(role: Role | Reader, own: str, unit: str) -> Sight:
    """What somebody of the unit `own` may read of a petition of `unit`."""
    if sees("person", role, own, unit):
        return "all"
    return "text" if sees("words", role, own, unit) else "nothing"


def told(fields: Mapping[str, Any], seen: Sight) -> dict[str, Any]:
    """What of a petition's fields somebody may read."""
    return {
        name: value
        for name, value in fields.items()
        if name in PUBLIC or seen == "all" or (seen == "text" and name == TEXT)
    }


def withheld(fields: Mapping[str, Any], seen: Sight) -> tuple[str, ...]:
    """Names of the fields that are there and may not be read."""
    return tuple(sorted(set(fields) - set(told(fields, seen))))


def named_in(text: str, names: Iterable[str]) -> str | None:
    """The longest of these names of places that stands in a text as whole words, in whatever case; None where
    none does."""
    plain = f" {_words(text)} "
    found = [name for name in names if (words := _words(name)) and f" {words} " in plain]
    return max(found, key=lambda name: (len(name), name), default=None)


def _words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
