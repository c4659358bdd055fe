"""One source in full: what hangs on it, and what was refused of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cockpit.domain import feedback, refused
from cockpit.domain.access import Viewer
from cockpit.domain.catalog import Source, Text
from cockpit.store.queries import sources as q
from cockpit.store.rows import Quarantined as Row
from cockpit.views.context import ViewContext
from cockpit.views.source_figures import Devices, Sent, devices, sent

QUARANTINE_LIMIT = 20
PAYLOAD_SHOWN = 2000
"""Signs of a refused event that a page shows: enough to see what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A refused event as far as whoever looks may read it: `payload` as text, undecodable bytes replaced, cut
    at `PAYLOAD_SHOWN`; `withheld` where a citizen's data are left out of it."""

    seq: int
    received: int  # ms, real time
    code: str
    reason: str
    id: str
    size: int
    payload: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """`kinds`: how many assets of each kind it reports on; `kept`: refused events by code; `sent`: every
    figure that it may send, `devices` those that no page of their own lists."""

    source: Source
    simulated: bool
    kinds: tuple[tuple[str, int], ...]
    feeds: tuple[tuple[str, Text], ...]
    kept: tuple[tuple[str, int], ...]
    refusals: tuple[Quarantined, ...]
    sent: tuple[Sent, ...]
    devices: tuple[Devices, ...]


def build(ctx: ViewContext, code: str, viewer: Viewer = "reader", own: str = "") -> SourceDetail | None:
    """The source with this code, or None. What was refused is told as somebody with this role, of the unit
    `own`, may read it."""
    source = ctx.profile.source.get(code)
    if source is None:
        return None
    with ctx.store.read() as conn:
        kept = q.quarantine_counts(conn, source.id)
        newest = q.quarantine(conn, source.id, QUARANTINE_LIMIT)
        figures = sent(ctx, conn, source)
        listed = devices(ctx, conn, source)
    kinds = Counter(a.kind for a in ctx.profile.assets if a.source == code)
    return SourceDetail(
        source=source,
        simulated=source.time == "domain" and source.inward,
        kinds=tuple(sorted(kinds.items())),
        feeds=tuple((c, ctx.profile.indicator[c].name) for c in source.feeds if c in ctx.profile.indicator),
        kept=tuple(sorted(kept.items(), key=lambda item: (-item[1], item[0]))),
        refusals=tuple(_refused(source, k, viewer, own) for k in newest),
        sent=figures,
        devices=listed,
    )


def _refused(source: Source, row: Row, viewer: Viewer, own: str) -> Quarantined:
    shown = refused.told(
        row.payload, row.reason, brings_records=bool(source.records),
        sees=lambda unit: feedback.sight(viewer, own, unit),
    )  # fmt: skip
    return Quarantined(
        row.seq, row.received, row.code, shown.reason, row.id, row.size, shown.payload[:PAYLOAD_SHOWN],
        shown.withheld,
    )  # fmt: skip
