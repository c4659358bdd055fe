"""Pictures of cameras on request: a small HTTP server on the loopback address, inside the live simulator.

`GET /pictures/{asset}.jpg` for the cameras that have an analytics box. A picture shows the instant up to
which play has come, with the faults of that instant in its pixels; a silent camera gives none.
"""

from __future__ import annotations

import threading
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import numpy as np

from cockpit.domain.catalog import Asset
from simulator.analytics import Analytics
from simulator.painter import paint
from simulator.world import World

PREFIX, SUFFIX = "/pictures/", ".jpg"


class Pictures:
    """The server and the instant it shows, `at_ms` (milliseconds since the epoch, domain time)."""

    def __init__(self, world: World, at_ms: int = 0) -> None:
        self.at_ms = at_ms
        self._world, self.zone = world, world.zone
        self.sample: dict[str, tuple[Analytics, int]] = {}
        for kind in world.kinds:
            if kind.box is not None:
                has = np.flatnonzero(kind.box.has).tolist()
                self.sample |= {kind.codes[i]: (kind.box, i) for i in has}
        self._painting = threading.Lock()  # one at a time: play comes first
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="pictures", daemon=True
        )

    @cached_property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, str, bytes, int]:
        """Status, content type, content and instant."""
        at = self.at_ms
        code = path.removeprefix(PREFIX).removesuffix(SUFFIX)
        if path != PREFIX + code + SUFFIX or code not in self.sample:
            return 404, "application/json", _reason("not_in_sample"), at
        asset = self._world.profile.asset[code]
        now = np.array([at])
        if self._world.state("silent", np.array([self._world.at[code]]), now).any():
            return 503, "application/json", _reason("silent"), at
        with self._painting:
            return 200, "image/jpeg", shot(*self.sample[code], asset, self._world.seed, at), at


def shot(box: Analytics, position: int, asset: Asset, seed: int, t_ms: int) -> bytes:
    """The picture of a camera at an instant, taken under the conditions its box reckons with."""
    seen = box.conditions(np.array([position]), np.array([t_ms]))
    return paint(
        box.sky, str(asset.attrs.get("scene", "")), seed, asset.id, int(seen.t[0]),
        rain=float(seen.rain[0]), busy=float(seen.busy[0]), faults=seen.faults(0),
    )  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    timeout = 5
    server: _Server

    def do_GET(self) -> None:
        status, kind, content, at = self.server.pictures.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Picture-Time", self.server.pictures.zone.iso(at))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: a picture asked for is nothing to report."""


def _reason(reason: str) -> bytes:
    return msgspec.json.encode({"reason": reason})
