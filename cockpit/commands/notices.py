"""Channels that tell people outside: a trial of one, and a dead letter sent anew."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done, refused
from cockpit.domain.notices import identity
from cockpit.domain.roles import Role
from cockpit.engine.notices import text
from cockpit.store import notices
from cockpit.store.handles import Write
from cockpit.store.notices import Draft


class NotifyTest(Message, frozen=True, kw_only=True):
    """Lets a trial wait for a channel, quiet hours or not; the page of sources shows what becomes of it."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin"})

    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class NotifyRetry(Message, frozen=True, kw_only=True):
    """Sends a dead letter anew, with as many tries as the first time."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin"})

    notice: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


def notify_test(here: Cockpit, command: Command, order: NotifyTest, conn: Write, t: int) -> Result:
    if order.channel not in notices.channels(conn):
        return refused("unknown", channel=order.channel)
    now = here.clock.real_ms()
    id_ = identity(order.channel, 0, now, "test", command.actor.name)
    draft = Draft(id_, None, "test", "low", t, text.trial("vi", order.channel, id_, now))
    notices.put(conn, order.channel, [draft], now)
    return done({"channel": order.channel, "id": id_})


def notify_retry(here: Cockpit, command: Command, order: NotifyRetry, conn: Write, t: int) -> Result:
    if not notices.try_again(conn, order.notice, here.clock.real_ms()):
        state = notices.state_of(conn, order.notice)
        return refused("unknown" if state is None else "already", notice=order.notice)
    return done({"notice": order.notice})


HANDLERS: Handlers = {NotifyTest: notify_test, NotifyRetry: notify_retry}
