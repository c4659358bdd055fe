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

from cockpit import boot
from cockpit.config import ConfigError
from cockpit.profiles import ProfileError
from cockpit.store.lock import DirectoryHeld
from cockpit.web import api, hosts, launch, serving, static
from cockpit.web.security import SecurityHeaders
from cockpit.web.shape import OneShape

log = logging.getLogger("cockpit")

HEAVY = ("pandas", "pyarrow", "altair", "pydeck", "h3")
"""What the first page to be drawn would have to wait for."""


def routes() -> list[BaseRoute]:
    """The doors of this process. Ends the process with one clear line where it cannot start at all."""
    try:
        cockpit = boot.current()
    except (ConfigError, ProfileError, DirectoryHeld, OSError) as error:
        launch.refuse(str(error))
    serving.install()
    return [*api.routes(cockpit), *static.routes(cockpit)]


def middleware() -> list[Middleware]:
    """What stands before every answer, the outermost first. Needs the cockpit of this process."""
    names = hosts.of(boot.current().config)
    return [Middleware(SecurityHeaders), Middleware(hosts.OwnNames, names=names), Middleware(OneShape)]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    cockpit = boot.current()
    if cockpit.config.host not in launch.LOOPBACK:
        log.warning("listening on %s: reachable from outside this machine", cockpit.config.host)
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    cockpit.start_in_thread()
    sys.stdout.write(f"Cockpit: {cockpit.address}\n")
    sys.stdout.flush()
    try:
        yield
    finally:
        await asyncio.to_thread(cockpit.stop)


def _warm() -> None:
    for name in HEAVY:
        importlib.import_module(name)


def on_script_error(error: Exception) -> bool:
    """What no panel has caught: a calm sentence with a number for the user, the rest for the log."""
    from cockpit.ui import panel

    panel.tell("page", error)
    return True
