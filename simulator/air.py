"""What faults do to the air: sites that are off, sectors that are locked, antennas that have tilted, busy
cells.

A site that stands still is not heard at all and phones fall to its neighbours. A feed that sends nothing says
nothing about the air: phones hear its sites as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from cockpit.domain.periods import DAY_MS
from simulator.episodes import Episode
from simulator.faults import Intervals
from simulator.kinds import KINDS
from simulator.radio import Mast, Radio
from simulator.rng import F64, I64, Bools
from simulator.world import World

CROWD_LOAD = 0.22
"""What a crowd adds to the load of the cells of its unit, as a share of all blocks."""


class _Hit(NamedTuple):
    episode: Episode
    sites: I64  # places in the radio's list of sites
    sector: int  # −1: all three
    size: float


class Air:
    """The faults of a world as its radio meets them."""

    def __init__(self, world: World, radio: Radio) -> None:
        self._world, self._radio = world, radio
        self._index = np.array([world.at[code] for code in radio.sites], dtype=np.int64)
        self._place = {code: n for n, code in enumerate(radio.sites)}
        self._cell = {code: n for n, code in enumerate(radio.cells) if code}
        self._locked_sector = world.ids[self._index] % 3
        self._off = lru_cache(maxsize=8)(self._off_on)
        self._locked = lru_cache(maxsize=8)(self._locked_on)
        self._seen: tuple[Episode, ...] = ()
        self._tilts: list[_Hit] = []
        self._loads: list[_Hit] = []
        self._degraded: list[_Hit] = []
        self._masts: list[tuple[Episode, Mast]] = []

    def at(self, copy: I64, t: I64) -> Moment:
        """The air where phones are: `copy` says which of several equal provinces each belongs to."""
        if self._seen is not self._world.episodes:
            self._look()
        return Moment(self, copy * self._radio.base, t)

    def off(self, site: I64, t: I64) -> Bools:
        """Whether sites are off; shapes broadcast."""
        return self._under(self._off, site, t)

    def locked(self, site: I64, t: I64) -> Bools:
        """Whether each of the three sectors of sites is locked: shape of both with 3 behind."""
        lost = self._under(self._locked, site, t)
        for hit in self._degraded:
            lost |= _among(hit.sites, site) & (hit.episode.strength(t) > 0.5)
        return np.asarray(lost[..., None] & (self._locked_sector[site][..., None] == np.arange(3)))

    def tilted_db(self, site: I64, t: I64) -> F64 | None:
        """What tilted antennas take away towards the ground around; None where none has tilted."""
        loss = None
        for hit in self._tilts:
            mine = _among(hit.sites, site)
            if mine.any():
                loss = np.zeros(mine.shape) if loss is None else loss
                loss += np.where(mine, hit.size * hit.episode.strength(t), 0.0)
        return loss

    def busy(self, cell: I64, load: F64, t: I64) -> F64:
        """The load of cells, 0 to 1, with crowds and busy hours of single cells."""
        for hit in self._loads:
            mine = _among(hit.sites, cell // 3)
            if hit.sector >= 0:
                mine &= cell % 3 == hit.sector
            if mine.any():
                strength = hit.episode.strength(t)
                if hit.episode.kind == "crowd":
                    more = load + CROWD_LOAD * hit.size * strength
                else:
                    more = load + (hit.size / 100.0 - load) * strength
                load = np.where(mine, np.clip(more, 0.0, 1.0), load)
        return load

    def built(self, t: I64) -> list[tuple[Mast, Bools]]:
        """Stations that episodes build, and at which of the instants each is on the air: what is built stays,
        unless the episode is taken back."""
        return [(mast, (t >= e.start_ms) & (t < e.end_ms if e.cut_ms else True)) for e, mast in self._masts]

    def _under(self, spans: Callable[[int], Intervals], site: I64, t: I64) -> Bools:
        index = self._index[site]
        if not len(t):
            return np.zeros(np.broadcast_shapes(index.shape, t.shape), dtype=bool)
        days = t // DAY_MS
        low, high = int(days.min()), int(days.max())
        found = np.zeros(np.broadcast_shapes(index.shape, t.shape), dtype=bool)
        for day in range(low, high + 1):
            hit = spans(day).covers(index, t)
            found |= hit if low == high else hit & (days == day)
        return found

    def _off_on(self, day: int) -> Intervals:
        """Sites that are off on a UTC day."""
        spans = self._world.broken("silent", day)
        return self._of_sites(spans)

    def _locked_on(self, day: int) -> Intervals:
        return self._of_sites(self._world.broken("locked", day))

    def _of_sites(self, spans: Intervals) -> Intervals:
        mine = np.isin(spans.asset, self._index)
        return Intervals(spans.asset[mine], spans.start[mine], spans.end[mine])

    def _look(self) -> None:
        self._seen = self._world.episodes
        self._off.cache_clear()
        self._locked.cache_clear()
        self._tilts, self._loads, self._degraded, self._masts = [], [], [], []
        for e in self._seen:
            size = e.size or KINDS[e.kind].size
            if e.kind == "antenna_tilt":
                self._tilts.append(_Hit(e, self._struck(e), -1, size))
            elif e.kind == "site_degraded":
                self._degraded.append(_Hit(e, self._struck(e), -1, size))
            elif e.kind == "new_site":
                mast = self._radio.mast_in(e.unit)
                self._masts += [(e, mast)] if mast is not None else []
            elif e.kind == "crowd":
                self._loads.append(_Hit(e, self._struck(e), -1, size))
            elif e.kind == "cell_busy":
                for index in self._world.struck(e):
                    cell = self._cell.get(self._world.profile.assets[index].code, -1)
                    if cell >= 0:
                        self._loads.append(_Hit(e, np.array([cell // 3]), cell % 3, size))

    def _struck(self, e: Episode) -> I64:
        codes = (self._world.profile.assets[i].code for i in self._world.struck(e))
        return np.array([self._place[c] for c in codes if c in self._place], dtype=np.int64)


class Moment:
    """The air for given phones at given instants. `s` are sites of the first province, one row a phone."""

    def __init__(self, air: Air, first: I64, t: I64) -> None:
        self._air, self._first, self._t = air, first, t

    def lost_db(self, s: I64) -> F64:
        """What is taken from each sector: shape of `s` with 3 behind. Sites that are off lose all."""
        site, t = s + self._first[:, None], self._t[:, None]
        lost = np.where(self._air.locked(site, t), GONE_DB, 0.0)
        lost += np.where(self._air.off(site, t), GONE_DB, 0.0)[..., None]
        tilted = self._air.tilted_db(site, t)
        return lost if tilted is None else lost + tilted[..., None]

    def masts(self) -> list[tuple[Mast, Bools]]:
        """Stations that are in no register yet, with the phones that find them on the air."""
        return self._air.built(self._t)

    def load(self, cell: I64, load: F64) -> F64:
        """The load of serving cells (sectors of the first province)."""
        return self._air.busy(cell + 3 * self._first, load, self._t)


GONE_DB = 400.0
"""More than any path loss: not to be heard."""


def _among(few: I64, many: I64) -> Bools:
    return np.asarray(many == few[0] if len(few) == 1 else np.isin(many, few))
