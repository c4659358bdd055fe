"""What of the episodes people notice: no power, no signal, dark cameras, loudspeakers that say nothing, a
closed counter, a system that is down, a storm, a crowd. Each trouble has a unit, a span and the people it
concerns.

A trouble is known from what has happened so far: that an episode ends earlier than first said moves the end
of its troubles and nothing that lies before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.profiles.sizes import ID_STEP
from simulator.episodes import Episode
from simulator.outages import Span
from simulator.world import World

DARK_SHARE, DARK_LEAST = 0.25, 3
"""Cameras of a unit that must be dark at once before people speak of it: a share of all, and a number."""

DARK_MS = HOUR_MS
"""How long they must have been dark: nobody looks at a camera for its own sake."""

BLIND = ("camera_black", "camera_covered")
WEAK = {"antenna_tilt": 1.0, "cell_drops": 1 / 3, "cell_busy": 1 / 3, "reboot_loop": 1.0}
"""Kinds that make the signal bad without taking it away, and the share of a site's people they concern."""

NOTICED = frozenset({
    "feeder_out", "site_silent", "hidden_hop", "power_loss", "link_silent", "recorder_silent",
    "camera_silent", "loudspeaker_silent", "loudspeaker_quiet", "source_silent", "storm", "crowd",
    *BLIND, *WEAK,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something people of a unit notice from `start` until `end` (ms). `unit` −1: of the whole province."""

    id: str
    sort: str  # key of the templates
    unit: int
    start: int
    end: int
    people: float
    place: str = ""  # code of the settlement, "" for any of the unit
    operator: str = ""
    episode: Episode | None = None  # whose strength the complaints follow, where it has one

    @property
    def since(self) -> int:
        """When it began, as people know it."""
        return self.start - (DARK_MS if self.sort == "camera" else 0)


class Finder:
    """Finds the troubles of episodes in a world."""

    def __init__(self, world: World) -> None:
        self._world, self._profile = world, world.profile
        self._unit = {u.code: n for n, u in enumerate(self._profile.units)}
        self._people = world.simulation.people
        told = world.simulation.broadcasts
        self._broadcasts = told.hours if told is not None else ()  # before them nobody misses a loudspeaker
        copies = max(self._profile.scale, 1.0)
        self._count: dict[tuple[str, str], float] = {}
        for asset in self._profile.assets:
            key = asset.kind, asset.unit
            self._count[key] = self._count.get(key, 0.0) + 1.0 / copies
        self._everyone = float(sum(u.population for u in self._profile.units))

    def find(self, episodes: Iterable[Episode]) -> list[Trouble]:
        """Troubles of episodes, in no particular order."""
        noticed = [e for e in episodes if e.kind in NOTICED]
        found = [t for e in noticed for t in self._of(e)]
        return [*found, *self._dark(noticed)]

    def _of(self, e: Episode) -> Iterator[Trouble]:
        if e.kind in ("storm", "crowd"):
            if e.unit in self._unit:
                yield self._trouble(e, e.kind, e.unit, e.start_ms, e.end_ms, 1.0, strength=True)
        elif e.kind == "source_silent":
            sort = self._people.get(e.subject, "")
            if sort:
                yield Trouble(f"{e.id}/{sort}", sort, -1, e.start_ms, e.end_ms, self._everyone)
        elif e.kind in WEAK:
            yield from self._weak(e)
        else:
            yield from self._outage(e)

    def _outage(self, e: Episode) -> Iterator[Trouble]:
        for index in self._world.struck(e):
            asset = self._profile.assets[index]
            if asset.unit not in self._unit:
                continue
            if asset.kind == "feeder":
                yield self._trouble(e, "power", asset.unit, e.start_ms, e.end_ms, 1.0)
            elif asset.kind == "link" and asset.attrs.get("role") == "access":
                yield self._trouble(e, "counter", asset.unit, e.start_ms, e.end_ms, 1.0)
            elif asset.kind == "loudspeaker" and e.kind == "loudspeaker_quiet":
                yield from self._unheard(e, index, e.start_ms, e.end_ms, "quiet")
        for span in self._spans(e):
            asset = self._profile.assets[span.asset]
            if asset.unit not in self._unit:
                continue
            if asset.kind == "site":
                yield self._at(e, "signal", span.asset, span.start, span.end, 1.0)
            elif asset.kind == "loudspeaker" and e.kind != "feeder_out":
                yield from self._unheard(e, span.asset, span.start, span.end, "loudspeaker")

    def _weak(self, e: Episode) -> Iterator[Trouble]:
        for index in self._world.struck(e):
            asset = self._profile.assets[index]
            if asset.kind == "cell":
                index = int(self._world.parents[index])
            site = self._profile.assets[index] if index >= 0 else None
            if site is not None and site.kind == "site" and site.unit in self._unit:
                yield self._at(e, "weak", index, e.start_ms, e.end_ms, WEAK[e.kind], strength=True)

    def _unheard(self, e: Episode, index: int, start: int, end: int, sort: str) -> Iterator[Trouble]:
        """From the first broadcast that should have been heard."""
        for day in range(
            int(self._world.zone.day_of(start)),
            int(self._world.zone.day_of(min(end, start + 2 * DAY_MS))) + 1,
        ):
            for hour in self._broadcasts:
                missed = int(self._world.zone.day_start(day) + hour * HOUR_MS)
                if start <= missed < end:
                    yield self._at(e, sort, index, missed, end, 1.0)
                    return

    def _dark(self, episodes: Iterable[Episode]) -> Iterator[Trouble]:
        """Units of which many cameras are dark at once, power cuts left out: those have other worries."""
        rows: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for e in episodes:
            if e.kind == "feeder_out":
                continue
            struck = self._world.struck(e) if e.kind in BLIND else []
            spans = [Span("silent", i, e.start_ms, e.end_ms) for i in struck] or self._spans(e)
            for span in spans:
                asset = self._profile.assets[span.asset]
                if asset.kind == "camera" and asset.unit in self._unit:
                    key = asset.unit, asset.id // ID_STEP
                    rows.setdefault(key, []).extend(((span.start, 1), (span.end, -1)))
        for (unit, copy), changes in sorted(rows.items()):
            need = max(DARK_SHARE * self._count["camera", unit], DARK_LEAST)
            dark, since = 0, -1
            for at, change in sorted(changes):
                dark += change
                if dark >= need and since < 0:
                    since = at
                elif dark < need and since >= 0:
                    if at > since + DARK_MS:
                        people = float(self._profile.unit[unit].population)
                        name = f"dark:{unit}:{copy}:{since}"
                        yield Trouble(name, "camera", self._unit[unit], since + DARK_MS, at, people)
                    since = -1

    def _spans(self, e: Episode) -> list[Span]:
        if e.kind in ("source_silent", "link_flap", "reboot_loop"):
            return []
        # An asset whose fault begins and ends with the episode is said once, whatever it depends on.
        spans = self._world.outages.spans((e,), e.start_ms, self._world.outages.last_ms(e))
        first: dict[int, Span] = {}
        for span in spans:
            if span.effect == "silent":
                first.setdefault(span.asset, span)
        return list(first.values())

    def _at(
        self, e: Episode, sort: str, index: int, start: int, end: int, share: float, *, strength: bool = False
    ) -> Trouble:
        """A trouble around one asset: of the people of its unit, those that one of its kind serves."""
        asset = self._profile.assets[index]
        people = self._profile.unit[asset.unit].population / self._count[asset.kind, asset.unit]
        return Trouble(
            f"{e.id}/{sort}/{asset.code}", sort, self._unit[asset.unit], start, end, people * share,
            str(asset.attrs.get("place", "")), str(asset.attrs.get("operator", "")), e if strength else None,
        )  # fmt: skip

    def _trouble(
        self, e: Episode, sort: str, unit: str, start: int, end: int, share: float, *, strength: bool = False
    ) -> Trouble:
        people = self._profile.unit[unit].population * share
        name = f"{e.id}/{sort}/{unit}"
        return Trouble(name, sort, self._unit[unit], start, end, people, episode=e if strength else None)
