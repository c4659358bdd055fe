"""The frame around it: style, menu, age, and what is said where there are no figures."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from cockpit.ui import figures, nav
from cockpit.ui.banner import stopped
from cockpit.ui.components import sheet
from cockpit.ui.context import cockpit
from cockpit.ui.first import alerts, home
from cockpit.ui.plain import to_html
from cockpit.ui.words import DEFAULT, LANGUAGES, reading, t

SCRIPT = Path(__file__).with_name("first.js")
STYLES = (sheet.STYLE, Path(__file__).with_name("first.css"))
SCRIPT_URL = "/assets/first.js"

Query = Mapping[str, str]
_PAGES: dict[str, Callable[[Query, str], str]] = {
    "home": home.body,
    "alerts": lambda query, _: alerts.body(query),
}
"""Whose first rows are told; every other page only has its menu, and its own words a moment later."""


def language_of(query: Query) -> str:
    """The language that an address asks for."""
    asked = query.get("lang", "").lower()
    return asked if asked in LANGUAGES else DEFAULT


def framed(page: str, query: Query, name: str) -> str:
    """What is put before the app's own place in the page: the script alone where a page has nothing to say
    before. `name` is that of the person as the pages know them, "" for nobody.

    The caller has made sure that whoever asks may see the pages.
    """
    body = _PAGES.get(page)
    if body is None:
        return _script()
    with reading(language_of(query)):
        return _frame(page, query, _told(body, query, name))


def scriptless(language: str) -> str:
    """What a browser without scripts is told: the first rows, where there are any, are all it gets."""
    return f"<noscript><p>{html.escape(t('first.no_script', language))}</p></noscript>"


def _told(body: Callable[[Query, str], str], query: Query, name: str) -> str:
    here = cockpit()
    if here.lost is not None:
        return f'<p class="alarm">{to_html(t("banner.ground"))}</p>'
    if not here.ready.is_set():
        if here.failure is not None:
            return f'<p class="alarm">{to_html(t("startup.failed"))}</p>'
        return f"<h1>{html.escape(t('startup.title'))}</h1>"
    dead = stopped()
    alarm = f'<p class="alarm">{to_html(dead)}</p>' if dead else ""
    return alarm + body(query, name)


def _frame(page: str, query: Query, told: str) -> str:
    here = cockpit()
    now = here.clock.domain_ms() if here.ready.is_set() else None
    asof = t("first.asof", when=f"{figures.local(now):%H:%M:%S %d/%m/%Y}") if now is not None else ""
    mark = (
        f'<span class="violet badge"><b>{html.escape(t("strip.simulated"))}</b></span>' if here.demo else ""
    )
    # A page that never comes to life must not be taken for one that lives.
    late = html.escape(t("first.no_app"))
    return (
        f'<style>{_style()}</style><div id="first" class="{page}">'
        f'<nav aria-label="{html.escape(t("first.menu"))}">{_menu(page, query)}</nav>'
        f'<p class="strip">{mark} <span class="gray">{html.escape(asof)}</span></p>'
        f'<p class="alarm late">{late}</p>{told}</div>'
        f"{_script()}"
    )


def _script() -> str:
    return f'<script src="{SCRIPT_URL}?v={_version()}" defer></script>'


def _menu(page: str, query: Query) -> str:
    language = f"?lang={query['lang']}" if language_of(query) != DEFAULT else ""
    links, groups = [], []
    for entry in nav.present():
        if entry.group:
            groups += [entry.group] if entry.group not in groups else []
            continue
        here = ' aria-current="page"' if entry.name == page else ""
        path = "" if entry.name == "home" else entry.name
        links.append(f'<a href="/{path}{language}"{here}>{html.escape(t(f"nav.{entry.name}"))}</a>')
    named = [f"<span>{html.escape(t(f'nav.group_{group}'))}</span>" for group in groups]
    return "".join([*links, *named])


@cache
def _style() -> str:
    """One line: a closing tag cannot stand in it."""
    return " ".join(line.strip() for style in STYLES for line in style.read_text("utf-8").splitlines())


@cache
def _version() -> str:
    return hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]
