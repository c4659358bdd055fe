"""Which sources were last heard by a file that somebody brought in: what they say came by no machine."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from cockpit.domain.numbers import SourceId
from cockpit.store import meta
from cockpit.store.alerting import source_last
from cockpit.store.handles import Read, Write

KEY = "filed"
"""Among the small facts: by source what the last file of its events spans, in ms of reception."""

SLACK_MS = 1_000
"""What a file holds that is refused is received a little after what was taken."""

Spans = Mapping[SourceId, tuple[int, int]]


def note(conn: Write, sources: Collection[SourceId], before: Mapping[SourceId, int]) -> None:
    """A file with events of these has just come in. `before`: what `source_last` said ahead of it."""
    after = source_last(conn)
    spans = {  # a clock that stands still receives all at one instant
        str(one): (min(before.get(one, 0), after[one] - 1), after[one] + SLACK_MS)
        for one in sources
        if one in after
    }
    known = json.loads(meta.get(conn, KEY) or "{}")
    if spans:
        meta.put(conn, KEY, json.dumps(known | spans, sort_keys=True))


def spans(conn: Read) -> Spans:
    """What the last file of each source spans."""
    found = json.loads(meta.get(conn, KEY) or "{}")
    return {SourceId(int(one)): (int(first), int(last)) for one, (first, last) in found.items()}


def within(found: Spans, source: SourceId, last: int) -> bool:
    """Whether a source that was last heard at `last` was heard by its file: nothing came by another way
    since."""
    span = found.get(source)
    return span is not None and span[0] < last <= span[1]
