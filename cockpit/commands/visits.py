"""That somebody is looking: pages send it by themselves, so that "new" can count from the last look."""

from __future__ import annotations

from typing import ClassVar

from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done
from cockpit.domain.roles import ROLES, Role
from cockpit.domain.visits import news_since, to_keep
from cockpit.store import visits
from cockpit.store.handles import Write
from cockpit.store.queries import strip


class Seen(Message, frozen=True, kw_only=True):
    """Whoever gives it is looking at the cockpit now: what was new at the last visit no longer is. It changes
    nothing for anybody else and is not on record; a look is kept once a minute at most."""

    ROLES: ClassVar[frozenset[Role]] = frozenset(ROLES)
    ANY_UNIT: ClassVar[bool] = True
    ANYBODY: ClassVar[bool] = True
    RECORDED: ClassVar[bool] = False


def seen(here: Cockpit, command: Command, order: Seen, conn: Write, t: int) -> Result:
    """`facts` say from when on what happens is news to this person (ms of domain time), and when the look
    was that is kept."""
    person = command.actor.name
    held = visits.of(conn, person)
    visit = to_keep(held, t)
    if visit is not None:
        visits.keep(conn, person, visit)
    since = news_since(held, t, strip.watched_since(conn))
    last = t if visit is not None or held is None else held.last
    return done({"at": last, "since": since.at, "counted": since.counted})


HANDLERS: Handlers = {Seen: seen}
