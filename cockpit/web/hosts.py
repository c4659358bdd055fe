"""Under which names this cockpit answers. A page of somebody else whose name is made to point here (DNS
rebinding) would read everything that is open on loopback: its requests carry its own name as Host."""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
import threading
import time
from collections.abc import Iterable

import psutil
from starlette.types import ASGIApp, Receive, Scope, Send

from cockpit.config import Config, in_address, is_loopback
from cockpit.web.broken import Fault, broken
from cockpit.web.shape import send_fault

AGAIN_S = 10.0
"""How old the list of this machine's own addresses may be when an unknown one is asked for."""

_HOST = re.compile(r"(\[[0-9a-f:.%]+\]|[^\[\]:/?#@\s]+)(?::\d{0,5})?", re.I)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(.*)", re.I)


@functools.lru_cache(maxsize=256)
def name_of(host: str) -> str | None:
    """The name of a Host header without its port, in the one form names are compared in; None: it is none.

    The port may be any: a proxy or a forwarded port gives another one than the cockpit listens on."""
    found = _HOST.fullmatch(host.strip())
    if found is None:
        return None
    name = found[1].strip("[]").lower().removesuffix(".")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


class Names:
    """The names of this cockpit. Addresses of the machine come and go, so they are looked up again."""

    def __init__(self, host: str, public: Iterable[str] = ()) -> None:
        self._fixed = {"localhost", host.lower(), name_of(in_address(host)) or host}
        self._fixed |= {name for one in public if (name := name_of(in_address(one)))}
        self._fixed.add(socket.gethostname().lower())
        self._own: frozenset[str] = frozenset()
        self._asked = -AGAIN_S
        # Its full name may have to be asked of a server that is not there.
        threading.Thread(target=self._ask_full_name, name="full-name", daemon=True).start()

    def __contains__(self, name: str) -> bool:
        if name in self._fixed or name in self._own or is_loopback(name):
            return True
        if time.monotonic() - self._asked < AGAIN_S:
            return False
        self._asked = time.monotonic()
        self._own = own_addresses()
        return name in self._own

    def seen_in(self, origin: str) -> str | None:
        """Name and port that the browser sees, where an Origin is a page of this cockpit; None: it is not."""
        found = _ORIGIN.fullmatch(origin)
        name = name_of(found[1]) if found else None
        return found[1] if found and name is not None and name in self else None

    def _ask_full_name(self) -> None:
        self._fixed.add(socket.getfqdn().lower())


def own_addresses() -> frozenset[str]:
    """The addresses of this machine's network interfaces."""
    found = (a.address.partition("%")[0] for many in psutil.net_if_addrs().values() for a in many)
    return frozenset(name for one in found if (name := name_of(in_address(one))))


class OwnNames:
    """Refuses requests and websockets that were meant for another name, and websockets of other pages."""

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self.app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if scope["type"] in ("http", "websocket"):
            fault = self._host_fault(scope)
        if fault is None and scope["type"] == "websocket":
            scope, fault = self._of_this_page(scope)
        if fault is None:
            await self.app(scope, receive, send)
            return
        broken.tell(fault.code, scope.get("client"))
        await send_fault(fault, scope, send)

    def _host_fault(self, scope: Scope) -> Fault | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if not hosts and scope.get("http_version") == "1.0":
            return None  # no browser speaks it; simple health checks do, and name no host
        if len(hosts) != 1:
            return Fault(400, "bad_host", f"there are {len(hosts)} headers Host, expected one")
        host = hosts[0].decode("latin-1")
        name = name_of(host)
        if name is None or name not in self._names:
            reason = f"this cockpit does not answer as {host[:100]!r}: COCKPIT_PUBLIC_NAMES may name it"
            return Fault(421, "foreign_host", reason)
        return None

    def _of_this_page(self, scope: Scope) -> tuple[Scope, Fault | None]:
        """A websocket's Origin must be one of our names, too.

        Where a proxy has changed the Host it is put back to what the browser sees: Streamlit compares the
        two, and where they differ it asks a server outside for the address of this machine.
        """
        for name, value in scope["headers"]:
            if name == b"origin":
                origin = value.decode("latin-1")
                if (seen := self._names.seen_in(origin)) is None:
                    return scope, Fault(
                        403, "foreign_origin", f"pages of {origin[:100]!r} may not look in here"
                    )
                host = seen.encode("latin-1")
                headers = [(n, host if n == b"host" else v) for n, v in scope["headers"]]
                return {**scope, "headers": headers}, None
        return scope, None


@functools.cache
def of(config: Config) -> Names:
    """The names of the cockpit with these settings."""
    return Names(config.host, config.public_names)
