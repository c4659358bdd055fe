"""Reads `simulation.toml` of a profile, and checks it against the profile's other files."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from cockpit.profiles import Profile
from cockpit.profiles.reader import NOTHING, Problems, read_toml, struct, tables, words
from simulator import devices
from simulator.simulation import (
    Broadcasts,
    Department,
    Dossiers,
    Drives,
    Feedback,
    Figure,
    OwnSignal,
    Payments,
    Phones,
    Simulation,
    Statistic,
    Typed,
    Visitors,
    Where,
)

FILE = "simulation.toml"
MONTHS = 12
MOST_DEPARTMENTS = 60
MOST = {"statistic": 20, "beside": 20, "by_commune": 8}
"""Typed figures by table: each has numbers of its own for so many."""

ONE: dict[str, type[msgspec.Struct]] = {
    "sky": Where, "dossiers": Dossiers, "payments": Payments, "feedback": Feedback,
    "broadcasts": Broadcasts, "phones": Phones, "drives": Drives, "visitors": Visitors,
}  # fmt: skip
MANY: dict[str, type[msgspec.Struct]] = {
    "statistic": Statistic, "beside": Typed, "by_commune": Typed, "figure": Figure, "signal": OwnSignal,
    "department": Department,
}  # fmt: skip
"""What a file may hold once, and what as often as wanted."""

RECORDS = {"dossiers": "dossier", "payments": "payment", "feedback": "feedback", "broadcasts": "broadcast"}


def simulation_of(profile: Profile) -> Simulation:
    """What is to be played of a province; of a profile without the file, its devices alone. Raises
    ProfileError naming every mistake by file and key."""
    problems = Problems()
    path = profile.folder / FILE
    doc = read_toml(path, problems) if path.exists() else {}
    known = (*ONE, *MANY)
    for unknown in [key for key in doc if key not in known]:
        problems.add(f"{FILE} key {unknown}", words("an unknown key"), f"one of {', '.join(known)}")
    parts: dict[str, Any] = {}
    for name, kind in ONE.items():
        if name in doc:
            parts[name] = struct(doc[name], f"{FILE} [{name}]", kind, problems)
    for name, kind in MANY.items():
        if name in doc:
            parts[name] = tuple(tables(doc, FILE, name, kind, problems))
    problems.stop_if_any()
    made = Simulation(**parts)
    _Check(made, profile, problems).all()
    devices.check(profile, made.signals, problems)
    problems.stop_if_any()
    return made


class _Check:
    """What must hold between the file and the profile."""

    def __init__(self, made: Simulation, profile: Profile, problems: Problems) -> None:
        self._made, self._profile, self._problems = made, profile, problems
        self._played = [s for s in profile.sources if s.time == "domain"]

    def all(self) -> None:
        self._records()
        self._samples()
        self._typed()
        self._departments()
        self._figures()

    def _records(self) -> None:
        made, add = self._made, self._problems.add
        for name, kind in RECORDS.items():
            part = getattr(made, name)
            if part is not None:
                brings = [s.code for s in self._played if kind in s.records]
                expected = f"a source that has {kind} among its records"
                self._one_of(f"{FILE} [{name}] key source", part.source, brings, expected)
        if made.dossiers is not None and made.dossiers.portal:
            codes = [s.code for s in self._played]
            self._one_of(
                f"{FILE} [dossiers] key portal", made.dossiers.portal, codes, "a code of sources.toml"
            )
        if made.dossiers is not None and made.dossiers.days <= 0:
            add(f"{FILE} [dossiers] key days", made.dossiers.days, "more than 0")
        if made.payments is not None and made.dossiers is None:
            add(f"{FILE} [payments]", words("no [dossiers]"), "those whose fees are paid")
        hours = made.broadcasts.hours if made.broadcasts is not None else ()
        if not all(0 <= hour < 24 for hour in hours):
            add(f"{FILE} [broadcasts] key hours", hours, "hours of the day, 0 to 23.99")
        if made.visitors is not None and len(made.visitors.season) != MONTHS:
            add(f"{FILE} [visitors] key season", made.visitors.season, f"{MONTHS} numbers, January first")

    def _samples(self) -> None:
        made, profile = self._made, self._profile
        brings = [s.code for s in self._played if s.samples]
        for name, part, key in (("phones", made.phones, "count"), ("drives", made.drives, "vehicles")):
            if part is None:
                continue
            self._one_of(f"{FILE} [{name}] key source", part.source, brings, "a source with samples = true")
            if getattr(part, key) < 1:
                self._problems.add(f"{FILE} [{name}] key {key}", getattr(part, key), "1 or more")
        if made.sampling:
            devices.check_radio(profile, self._problems)
        if made.phones is None:
            return
        if not profile.places:
            self._problems.add(
                "places.csv", NOTHING, f"places where people live: [phones] of {FILE} needs them"
            )
        for operator in made.phones.shares:
            where = f"{FILE} [phones] key shares.{operator}"
            self._one_of(where, operator, profile.operators, "a key of [operators] in profile.toml")

    def _typed(self) -> None:
        for name, most in MOST.items():
            rows: tuple[Statistic | Typed, ...] = getattr(self._made, name)
            if len(rows) > most:
                self._problems.add(f"{FILE} key {name}", len(rows), f"at most {most}")
            for n, row in enumerate(rows, 1):
                where = f"{FILE} [[{name}]] {n} key"
                brings = [s.code for s in self._played if row.indicator in s.reports]
                expected = f"a source that has {row.indicator} among its reports"
                self._one_of(f"{where} source", row.source, brings, expected)

    def _departments(self) -> None:
        found = self._made.department
        if len(found) > MOST_DEPARTMENTS:
            self._problems.add(f"{FILE} key department", len(found), f"at most {MOST_DEPARTMENTS}")
        for n, one in enumerate(found, 1):
            where = f"{FILE} [[department]] {n} key"
            self._one_of(f"{where} body", one.body, self._profile.bodies, "a key of [bodies]")
            if one.weight < 1:
                self._problems.add(f"{where} weight", one.weight, "1 or more")

    def _figures(self) -> None:
        profile = self._profile
        sent = [m.code for m in profile.metrics if "system" in m.kinds]
        for n, figure in enumerate(self._made.figure, 1):
            where = f"{FILE} [[figure]] {n} key"
            self._one_of(f"{where} metric", figure.metric, sent, "a metric of systems")
            if not figure.indicator:
                continue
            brings = {code for s in self._played for code in s.reports}
            expected = "an indicator among the reports of a source"
            self._one_of(f"{where} indicator", figure.indicator, brings, expected)
            if not 0 <= figure.departments <= 1000:
                self._problems.add(f"{where} departments", figure.departments, "0 to 1000, per mille")
            for key, part in (("whole", figure.whole), ("step", figure.step)):
                if part <= 0:
                    self._problems.add(f"{where} {key}", part, "more than 0")
        devices_of = [code for code in profile.kind if code not in devices.APART]
        for n, signal in enumerate(self._made.signal, 1):
            where = f"{FILE} [[signal]] {n} key"
            self._one_of(f"{where} kind", signal.kind, devices_of, "a kind of device")
            sent = [m.code for m in profile.metrics if signal.kind in m.kinds and not m.only]
            self._one_of(f"{where} metric", signal.metric, sent, f"a metric of {signal.kind}")

    def _one_of(self, where: str, found: str, known: Collection[str], expected: str) -> None:
        if found not in known:
            self._problems.add(where, found, f"{expected}: {', '.join(known) or 'there is none'}")
