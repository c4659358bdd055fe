"""A page's first answer: the app's page with the verdict and the first rows already in it."""

from __future__ import annotations

import gzip
import logging
from functools import cache
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cockpit.config import Config
from cockpit.ui import first, nav
from cockpit.ui.first.frame import SCRIPT, SCRIPT_URL
from cockpit.web import index_page, own_files, packed
from cockpit.web.visitor import may_see, name_of

log = logging.getLogger(__name__)

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For what has its digest in its address."""
HEADERS = {"Cache-Control": "no-store", "Vary": "Accept-Encoding, Cookie"}
MAX_QUERY = 2000
EVERY_PAGE = ("PageLink", "BidiComponent", "ButtonGroup")
SOON = {
    "home": (*EVERY_PAGE, "Selectbox"),
    "alerts": (*EVERY_PAGE, "TextInput"),
}
"""Names of the scripts that a page's elements need, in the order in which it draws them: asked for now, they
are there when the app has found out that it needs them."""


OURS = ("live_badge", "mended")
OURS_SOON = {"home": ("sheet", "province", *OURS), "alerts": ("sheet", "rows", *OURS)}
"""The same of our own components."""


class FirstAnswer:
    """Pure ASGI, before Streamlit: answers GET and HEAD of pages and of the files of our components, hands
    on all else."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self.app = app
        self._config = config
        self._page = index_page.taken_apart(index_page.installed())
        self._names = {"" if entry.name == "home" else entry.name: entry.name for entry in nav.present()}
        if self._page is None:
            log.warning("the page of this Streamlit has another form: nothing is told before the app runs")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and self._page is not None:
            own, asked = own_files.files().get(scope["path"]), Headers(scope=scope)
            if own is not None and "gzip" in asked.get("accept-encoding", ""):
                await own.answer(asked)(scope, receive, send)
                return
            name = self._names.get(scope["path"].removeprefix("/"))
            if name is not None and len(scope["query_string"]) <= MAX_QUERY:
                answer = await run_in_threadpool(self._answer, self._page, name, scope)
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _answer(self, page: index_page.IndexPage, name: str, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=50))
        language = first.language_of(query)
        told = f"{self._told(name, query, headers)}{first.scriptless(language)}"
        body = page.filled(told, language, _soon(name, page.later))
        found = {**HEADERS, "Content-Language": language}
        if "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(body, 4, mtime=0)
            found["Content-Encoding"] = "gzip"
        return Response(body, media_type="text/html", headers=found)

    def _told(self, name: str, query: dict[str, str], headers: Headers) -> str:
        """The addition; nothing for somebody unknown, and nothing where it fails: the app tells it then."""
        if not may_see(self._config, headers):
            return ""
        try:
            return first.framed(name, query, name_of(self._config, headers, query))
        except Exception:
            log.exception("the first rows of the page %s could not be told", name)
            return ""


@cache
def _soon(name: str, known: bytes) -> str:
    """Hints for a page's own scripts, without what the page of Streamlit asks for anyway."""
    wanted = packed.files().needed(*SOON.get(name, EVERY_PAGE))
    theirs = "".join(
        f'<link rel="modulepreload" crossorigin href=".{address}">'
        for address in wanted
        if address.encode() not in known
    )
    return theirs + own_files.hints(*OURS_SOON.get(name, OURS))


def pack() -> None:
    """Pack what the first pages need, before anybody waits for it."""
    for name in {"index", *EVERY_PAGE, *(script for needed in SOON.values() for script in needed)}:
        for address in packed.files().needed(name):
            packed.files().packed(address)


def routes() -> list[BaseRoute]:
    """The script that connects and takes the first rows away, and the home page under its own name."""

    def script(_: Request) -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript", headers=FOR_EVER)

    def home(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"/?{query}" if query else "/", 308, {"Cache-Control": "no-store"})

    return [Route(SCRIPT_URL, script), Route("/home", home)]
