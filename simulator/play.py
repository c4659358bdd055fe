"""Live play: every event sent in a span of domain time, as lines of JSON in the order (sent, source, id).

An event is a pure function of (seed, profile, size, time) and the episodes given: where play starts
and how the time is cut makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.profiles import Profile
from simulator.broadcasts import Broadcasts
from simulator.complaints import Complaints
from simulator.daybook import Daybook
from simulator.encode import Chunk, merge
from simulator.reports import Reports
from simulator.samples import Deaf, Samples
from simulator.services import Records
from simulator.systems import Systems
from simulator.telemetry import Telemetry
from simulator.transport import Sift, Transport
from simulator.world import Episodes, World

STEP_MS = 500
"""Domain time goes in steps of this grid; the watermark lies on it."""


class Play:
    """A province ready to play. Building it costs about a second; asking it for a span is cheap."""

    def __init__(self, profile: Profile, seed: int, deaf: Deaf = "drop") -> None:
        """`deaf`: what becomes of samples of phones without network (`simulator.samples`)."""
        self.profile, self.seed = profile, seed
        self.ranks = {code: n for n, code in enumerate(sorted(profile.source))}
        self.world = World(profile, seed)
        self.transport = Transport(self.world, self.ranks)
        self.telemetry = Telemetry(self.world, self.ranks, self.transport)
        self.records, self.systems, self.reports = (
            Records(self.world),
            Systems(self.world),
            Reports(self.world),
        )
        self.broadcasts, self.complaints = Broadcasts(self.world), Complaints(self.world, self.records)
        books = (self.records, self.complaints, self.broadcasts, self.systems, self.reports)
        self.daybook = Daybook(books, self.world, self.ranks)
        self._sampling = self.world.simulation.sampling
        self.samples = Samples(self.world, self.ranks, deaf)

    def obey(self, episodes: Episodes) -> None:
        """Play with these episodes from now on. Taking one back restores the very same events."""
        self.world.episodes = episodes

    def window(self, t0: int, t1: int) -> list[str]:
        """Events sent in [t0, t1), milliseconds."""
        return merge(self.transport.carry(self._make, t0, t1))

    def thinned(self, day: int, n: int, until: int) -> list[str]:
        """About `n` of a day's samples sent before `until`, in order, and none of a feed that is silent."""
        return merge(self.transport.sent(self.samples.thinned(day, n, until)))

    def _make(self, t0: int, t1: int, source: str, sift: Sift | None) -> list[Chunk]:
        """Events as they leave where they come from, of one source or of all ("")."""
        found = self.telemetry.window(t0, t1, source=source, sift=sift)
        if source in ("", *self._sampling):
            found += self.samples.window(t0, t1)
        return found + self.daybook.window(t0, t1)

    def stream(self, start: int, end: int, span_ms: int = 60_000) -> Iterator[list[str]]:
        """Events of [start, end) in spans."""
        for t0 in range(start, end, span_ms):
            yield self.window(t0, min(t0 + span_ms, end))
