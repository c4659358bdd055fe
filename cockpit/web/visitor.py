"""Who a request of a page comes from, as far as the request itself tells."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from cockpit import entry
from cockpit.config import Config
from cockpit.domain.person import named_by_provider, named_by_proxy
from cockpit.ui import people

log = logging.getLogger(__name__)


def may_see(config: Config, headers: Headers) -> bool:
    """Whether the figures may be told to whoever asks: as `people.shut_out` decides it for a session."""
    if not config.exposed or config.open_pages:
        return True
    known = admitted(config, headers)
    return bool(_signed_in(config, headers)) if known is None else known


def admitted(config: Config, headers: Headers) -> bool | None:
    """Whether the code or the proxy's header lets them in; None where neither is how people come in."""
    if config.demo:
        return entry.current().known(_cookie(headers, entry.cookie(config.port)))
    if config.trusted_header:
        return bool(named_by_proxy(config.trusted_header, headers.items())[0])
    return None


def name_of(config: Config, headers: Headers, query: Mapping[str, str]) -> str:
    """The name of whoever asks, as `people.current` knows a session's; "" for nobody."""
    if config.demo:
        inside = not config.exposed or admitted(config, headers)
        return people.of_demo(query.get(people.PARAM)).name if inside else ""
    if config.trusted_header:
        return named_by_proxy(config.trusted_header, headers.items())[0]
    return _signed_in(config, headers)


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return None if found is None else found.value


def _signed_in(config: Config, headers: Headers) -> str:
    """The name of whom a provider has signed in, by the cookie that Streamlit has signed; "" for nobody.

    Streamlit itself checks cookie and signature. What it compares with the origin of a websocket is compared
    with the name that was asked here: a navigation tells no origin.
    """
    claims = _claims(headers)
    own = urlsplit(str(claims.get("origin", ""))).netloc
    if not claims.get("is_logged_in") or not own or own != headers.get("host"):
        return ""
    return named_by_provider(claims, trust_emails=config.trust_emails)[0]


def _claims(headers: Headers) -> dict[str, Any]:
    try:
        from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
        from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks
    except ImportError:
        return {}  # another Streamlit: the pages tell it a moment later
    try:
        signed = _get_signed_cookie_with_chunks(cookie_parser(headers.get("cookie", "")), USER_COOKIE_NAME)
        found = json.loads(signed) if signed else {}
    except Exception as error:
        log.warning("a cookie of a sign-in cannot be read: %s", error)
        return {}
    return found if isinstance(found, dict) else {}
