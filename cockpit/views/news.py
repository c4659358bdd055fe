"""What is new to the person who looks: causes that opened and closed since they last did, or in a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from cockpit.domain.visits import Counted, Since, news_since
from cockpit.store import visits
from cockpit.store.handles import Read
from cockpit.store.queries import alerts, strip
from cockpit.views.context import ViewContext
from cockpit.views.desk import instants


@dataclass(frozen=True, slots=True)
class News:
    """Causes since an instant, in ms of domain time."""

    since: int
    counted: Annotated[
        Counted,
        msgspec.Meta(
            description="What `since` is: `look`, the last look of this person's visit before; `visit`, as "
            "long ago as one visit counts at most; `day`, 24 hours ago, where nobody is known by name or no "
            "visit before; `watched`, the beginning of watching, where that was later."
        ),
    ]
    opened: int  # open still or closed since
    over: int  # closed, because the condition was over
    unwatched: int  # closed for another reason: their rule was switched off, say


def build(ctx: ViewContext, person: str) -> News:
    """What is new to a person, by the name under which their commands are on record; to anybody for ""."""
    with ctx.store.read() as conn:
        return of(ctx, conn, person)


def of(ctx: ViewContext, conn: Read, person: str) -> News:
    """`build` within a reading."""
    since = since_of(ctx, conn, person)
    found = alerts.changed_since(conn, instants(ctx, ctx.now_ms - since.at))
    return News(since.at, since.counted, found.opened, found.over, found.unwatched)


def since_of(ctx: ViewContext, conn: Read, person: str) -> Since:
    """From when on it is counted."""
    held = visits.of(conn, person) if person else None
    return news_since(held, ctx.now_ms, strip.watched_since(conn))
