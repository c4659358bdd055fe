"""What becomes of sources: state of each, its assets by state, and whether its figures are in doubt."""

from __future__ import annotations

import numpy as np

from cockpit.domain.freshness import Limits, State, WorkTime, limits_of_asset, limits_of_source
from cockpit.domain.indicators import refuses_too_much
from cockpit.domain.numbers import SourceId
from cockpit.engine.columns import Columns
from cockpit.engine.numbers import AssetAt, SourceAt
from cockpit.engine.silence import FRESH, LATE, NAMES, NEVER, SILENT, Silence
from cockpit.profiles import Profile
from cockpit.store.rows import SourceNow


def silence_of_assets(profile: Profile, work: WorkTime) -> Silence[AssetAt]:
    """Timers of all assets; an asset keeps the calendar of its source."""
    calendars = [profile.source[a.source].calendar if a.source else "always" for a in profile.assets]
    return Silence([limits_of_asset(a) for a in profile.assets], calendars, work)


def silence_of_sources(profile: Profile, work: WorkTime) -> Silence[SourceAt]:
    """Timers of all sources. The cockpit's own computed source is as fresh as the engine itself."""
    limits = [limits_of_source(s) if s.inward else Limits(0, 0) for s in profile.sources]
    return Silence(limits, [s.calendar for s in profile.sources], work)


class SourceStates:
    """Rows of `source_now`, and which sources are in doubt."""

    def __init__(self, columns: Columns, assets: Silence[AssetAt], sources: Silence[SourceAt]) -> None:
        self._profile = columns.profile
        self._asset_source = columns.asset_source
        # What sends nothing by itself is neither fresh nor missing.
        sends = np.array([a.rhythm_s > 0 for a in self._profile.assets], dtype=np.bool_)
        self._counted = (columns.asset_source >= 0) & sends
        self._assets = assets
        self._sources = sources
        self._written: dict[SourceId, SourceNow] = {}
        self._counts = np.zeros((len(self._profile.sources), 4), dtype=np.int64)
        self.wrong: set[str] = set()

    def count(self) -> None:
        """Count assets by source and state again: some have changed."""
        fed = self._counted
        at = self._asset_source[fed] * 4 + self._assets.state[fed]
        self._counts = np.bincount(at, minlength=len(self._profile.sources) * 4).reshape(-1, 4)

    def changed(self, now: int) -> dict[SourceId, SourceNow]:
        """Rows that are not as they were written last."""
        out: dict[SourceId, SourceNow] = {}
        states, since, last = self._sources.state, self._sources.since, self._sources.last
        for position, source in enumerate(self._profile.sources):
            n = self._counts[position]
            if not source.inward:
                row = SourceNow(source.id, "fresh", 0, now // 60_000 * 60_000, 0, 0, 0, 0)
            else:
                row = SourceNow(
                    source.id, NAMES[states[position]], int(since[position]), int(last[position]),
                    int(n[LATE]), int(n[SILENT]), int(n[NEVER]), int(n[FRESH]),
                )  # fmt: skip
            if self._written.get(source.id) != row:
                out[source.id] = self._written[source.id] = row
        return out

    def state_of(self, code: str) -> State:
        """Freshness of a source by code; the cockpit's own is always fresh while this runs."""
        source = self._profile.source[code]
        if not source.inward:
            return "fresh"
        return NAMES[int(self._sources.state[self._profile.sources.index(source)])]

    def doubt(self, hours: dict[SourceId, tuple[int, int]]) -> None:
        """Take note of the last hour's (accepted, refused) events."""
        by_id = self._profile.source_by_id
        self.wrong = {
            by_id[i].code
            for i, (ok, refused) in hours.items()
            if i in by_id and refuses_too_much(ok, refused)
        }
