"""The life of the web process: the cockpit starts in a thread, so that pages can show how far it is."""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from cockpit import boot, entry
from cockpit.config import ConfigError
from cockpit.parts import Parts
from cockpit.profiles import ProfileError
from cockpit.store.lock import DirectoryHeld
from cockpit.web import api, ending, hosts, launch, serving, static
from cockpit.web.security import SecurityHeaders
from cockpit.web.shape import OneShape

log = logging.getLogger("cockpit")

HEAVY = ("pandas", "pyarrow", "altair", "pydeck", "h3")
"""What the first page to be drawn would have to wait for."""
WARM_S = 10.0
"""After so many seconds it is loaded whether the cockpit is ready or not."""


def routes() -> list[BaseRoute]:
    """The doors of this process. Ends the process with one clear line where it cannot start at all."""
    try:
        parts = boot.current().parts
    except (ConfigError, ProfileError, DirectoryHeld, OSError) as error:
        launch.refuse(str(error))
    serving.install()
    # What is of the pages: the engine alone has none.
    from cockpit.web import entrance, first_answer, sessions, wall

    sessions.install()
    own = [*entrance.routes(parts), *first_answer.routes(), *wall.routes(parts)]
    return [*api.routes(parts), *own, *static.routes(parts)]


def middleware() -> list[Middleware]:
    """What stands before every answer, the outermost first. Needs the cockpit of this process."""
    config = boot.current().parts.config
    found = [
        Middleware(SecurityHeaders),
        Middleware(hosts.OwnNames, names=hosts.of(config)),
        Middleware(OneShape),
    ]
    if config.mode == "engine":
        return found
    from cockpit.web import entrance, first_answer, packed, straight

    return [
        *found,
        Middleware(straight.Straight),
        Middleware(packed.Packed),
        Middleware(entrance.Entrance, config=config),
        Middleware(first_answer.FirstAnswer, config=config),
    ]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    cockpit = boot.current()
    parts, config = cockpit.parts, cockpit.parts.config
    if config.exposed:
        log.warning("listening on %s: reachable from outside this machine", config.host)
        _tell_who_may_see(parts)
    if config.mode != "engine":  # it draws nothing
        threading.Thread(target=_warm, args=(parts,), name="warm", daemon=True).start()
    ending.arm(cockpit.give_up)
    cockpit.start_in_thread()
    sys.stdout.write(f"Cockpit: {parts.address}\n")
    sys.stdout.flush()
    try:
        yield
    finally:
        await asyncio.to_thread(cockpit.stop)


def _tell_who_may_see(parts: Parts) -> None:
    """Beyond loopback: the code of a demo, and who sees the pages. On stderr: stdout has its one line."""
    config = parts.config
    if config.mode == "engine":
        return
    if parts.is_demo:
        sys.stderr.write(f"Code: {entry.current().code}\n")
        sys.stderr.flush()
    if config.open_pages:
        log.warning("COCKPIT_OPEN_PAGES=1: whoever reaches this address sees the pages")
    if config.mode == "serve" and config.trusted_header:
        log.warning(
            "the header %s names the person: nobody but the proxy may reach this port", config.trusted_header
        )
    elif config.mode == "serve" and not config.open_pages and not _has_provider():
        log.warning(
            "nobody can sign in, so nobody sees the pages: set COCKPIT_TRUSTED_HEADER, name an OpenID "
            "provider, or open them for reading with COCKPIT_OPEN_PAGES=1"
        )


def _has_provider() -> bool:
    from cockpit.ui import people

    return people.has_provider()


def _warm(parts: Parts) -> None:
    """Load what pages need, after the cockpit has come up: beside that, both would be slower."""
    from cockpit.ui import province
    from cockpit.web import first_answer

    parts.ready.wait(WARM_S)
    for name in HEAVY:
        importlib.import_module(name)
    first_answer.pack()
    province.of_profile(parts.profile, parts.config.data_dir, "vi")


def on_script_error(error: Exception) -> bool:
    """What no panel has caught: a calm sentence with a number for the user, the rest for the log."""
    from cockpit.ui import panel

    panel.tell("page", error)
    return True
