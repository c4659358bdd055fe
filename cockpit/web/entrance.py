"""The way in from other machines: who may load a page, and where a demo asks for its code.

Pages themselves draw nothing for those who may not see them; what stands here leads a browser to the
code, and guards what a page would fetch.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cockpit import entry
from cockpit.config import Config
from cockpit.ui.login import form
from cockpit.web import hosts, visitor
from cockpit.web.api_guard import NO_STORE, refusal

if TYPE_CHECKING:
    from cockpit.parts import Parts

MAX_BODY = 1024
BACK = re.compile(r"/[A-Za-z0-9_-]*(\?[A-Za-z0-9_.~%&=+-]{0,500})?")
"""Where a browser may be led after the code: a page of this very server."""
NO_PAGES = ("/api/", "/_stcore/", "/static/", "/assets/", "/media/", "/component/", "/auth/")
PROBES = frozenset(["/healthz", "/readyz", "/metrics", "/openapi.json"])
MEDIA = ("/media/", "/app/static/", "/assets/areas.json", "/assets/province.svg")
"""What only pages show: pictures, and the boundaries that somebody imported."""
UPLOADS = "/_stcore/upload_file/"
"""Where a page puts a file: of a session that is open, with the mark against foreign pages, at most as large
as the server's settings say."""
NOTHING_FOR = ("/_stcore/metrics", "/_stcore/agent")
"""Doors of the server beneath that no page of the cockpit uses."""


class Entrance:
    """Pure ASGI, before everything that serves pages."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self.app = app
        self._config = config
        self._shut = config.exposed and not config.open_pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (given := self._instead(scope)) is not None:
            await given(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _instead(self, scope: Scope) -> Response | None:
        """What is answered in the place of what was asked for, None where that may be had."""
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(NOTHING_FOR):
            return refusal(404, "no_such_path", "nothing is here")
        if not self._shut:
            return None
        if path.startswith((*MEDIA, UPLOADS)) and not self._admitted(headers):
            return refusal(403, "no_right", "sign in first")
        asks_page = scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")
        if (
            self._config.demo
            and asks_page
            and path != entry.PATH
            and not path.startswith(NO_PAGES)
            and path not in PROBES
            and not self._admitted(headers)
        ):
            query = scope["query_string"].decode("latin-1")
            back = f"{path}?{query}" if query else path
            where = f"{entry.PATH}?next={quote(back, safe='')}" if BACK.fullmatch(back) else entry.PATH
            return RedirectResponse(where, 303, NO_STORE)
        return None

    def _admitted(self, headers: Headers) -> bool:
        """As far as one request tells. Whom a provider has signed in, the pages themselves know; the names of
        their media cannot be guessed."""
        return visitor.admitted(self._config, headers) is not False


def routes(cockpit: Parts) -> list[BaseRoute]:
    """`/login`, in a demo that others reach."""
    config = cockpit.config
    if not config.demo or not config.exposed:
        return []

    async def login(request: Request) -> Response:
        if request.method == "POST":
            return await _typed(request, config)
        return _form(_back(request.query_params.get("next")))

    return [Route(entry.PATH, login, methods=["GET", "POST"])]


async def _typed(request: Request, config: Config) -> Response:
    """The code as a form sends it."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return _form("/", "wrong", status=413)
    try:
        fields = dict(parse_qsl(body.decode("latin-1"), max_num_fields=8))
    except ValueError:
        fields = {}
    back = _back(fields.get("next"))
    origin = request.headers.get("origin")
    if origin is not None and hosts.of(config).seen_in(origin) is None:  # a proxy may have changed the Host
        return _form(back, "foreign", status=403)
    who = request.client.host if request.client is not None else ""
    try:
        token = await run_in_threadpool(entry.current().enter, fields.get("code", ""), who)
    except entry.Wait as wait:
        seconds = round(wait.seconds)
        return _form(back, "wait", status=429, seconds=seconds, headers={"Retry-After": str(seconds)})
    if token is None:
        return _form(back, "wrong", status=401)
    found = RedirectResponse(back, 303, NO_STORE)
    found.set_cookie(
        entry.cookie(config.port),
        token,
        httponly=True,
        samesite="strict",
        secure=_came_by_tls(request),
    )
    return found


def _came_by_tls(request: Request) -> bool:
    """Whether the browser speaks TLS, to the proxy before this process too. Pretending so only keeps
    one's own cookie from travelling in the clear."""
    said = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    origin = request.headers.get("origin", "").lower()
    return "https" in (request.url.scheme, said) or origin.startswith("https://")


def _back(asked: str | None) -> str:
    return asked if asked and BACK.fullmatch(asked) else "/"


def _form(
    back: str, said: str = "", *, status: int = 200, seconds: int = 0, headers: dict[str, str] | None = None
) -> Response:
    """The page that asks for the code; `said` names what became of the last one."""
    return HTMLResponse(form(back, said, seconds), status, {**NO_STORE, **(headers or {})})
