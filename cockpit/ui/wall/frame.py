"""The document of the wall, and one screen of it as the script asks for it."""

from __future__ import annotations

import hashlib
import html
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cockpit.ui.banner import stopped
from cockpit.ui.components import province
from cockpit.ui.context import cockpit, utc_offset_s
from cockpit.ui.dates import days
from cockpit.ui.first.frame import language_of
from cockpit.ui.plain import to_html
from cockpit.ui.wall import alerts, cameras, coverage, home, land
from cockpit.ui.words import DEFAULT, WORDS, reading, t

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
SCRIPT = _HERE / "wall.js"
STYLE = _HERE / "wall.css"
PROVINCE = province.STYLE

Query = Mapping[str, str]
SCREENS: dict[str, Callable[[], str]] = {
    "home": home.screen,
    "map": land.screen,
    "alerts": alerts.screen,
    "coverage": coverage.screen,
    "cameras": cameras.screen,
}
RUN = secrets.token_hex(8)
"""Names this process: another one may have other files, so whoever meets one loads the document anew."""

SECONDS = 20
LEAST_S, MOST_S = 5, 600
THEMES = ("dark", "light")


def chosen(query: Query) -> list[str]:
    """The screens that an address asks for, in its order; all where it asks for none that there is."""
    asked = [name for name in query.get("screens", "").split(",") if name in SCREENS]
    return list(dict.fromkeys(asked)) or list(SCREENS)


def seconds(query: Query) -> int:
    """How long each screen stands."""
    asked = query.get("seconds", "")
    return min(max(int(asked), LEAST_S), MOST_S) if asked.isascii() and asked.isdecimal() else SECONDS


def document(query: Query) -> str:
    """The page. It holds no figure: the script fetches them for those who may see them."""
    language = language_of(query)
    theme = query.get("theme", "")
    theme = theme if theme in THEMES else THEMES[0]
    settings = {
        "screens": chosen(query),
        "seconds": seconds(query),
        "lang": language,
        "offset_s": utc_offset_s(),
        "words": _words(language),
    }
    held = html.escape(json.dumps(settings, ensure_ascii=False))
    short = "" if language == DEFAULT else f"<span>{html.escape(t('app.abbreviations', language))}</span>"
    title = html.escape(f"{t('app.name', language)} · {cockpit().profile.name.get(language)}")
    return (
        f'<!doctype html><html lang="{language}" class="{theme}" translate="no"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title>{_font()}"
        f'<link rel="stylesheet" href="/wall/province.css?v={version(PROVINCE)}">'
        f'<link rel="stylesheet" href="/wall/wall.css?v={version(STYLE)}">'
        f'<script src="/wall/wall.js?v={version(SCRIPT)}" defer></script></head>'
        f'<body data-wall="{held}"><p id="alarm" role="alert" hidden></p><main id="screen"></main>'
        '<footer><span id="marks"></span><span id="dots" aria-hidden="true"></span>'
        f"{short}"
        '<span id="age"></span><span id="clock"></span></footer>'
        f"<noscript>{html.escape(t('wall.no_script', language))}</noscript></body></html>"
    )


@cache
def _font() -> str:
    """The letters of the app, where the installed Streamlit has them."""
    spec = find_spec("streamlit")
    folder = Path(spec.origin).with_name("static") / "static" / "media" if spec and spec.origin else _HERE
    found = next(folder.glob("SourceSansVF-Upright*.woff2"), None)
    if found is None:
        return ""
    return (
        '<style>@font-face{font-family:"Source Sans";font-weight:200 900;font-display:swap;'
        f'src:url("/static/media/{html.escape(found.name)}")}}</style>'
    )


def part(name: str, query: Query) -> dict[str, Any]:
    """One screen: its HTML and a digest of it, without the HTML where the script has it; the clock; what must
    be said above everything. Raises KeyError for a screen that there is not."""
    screen = SCREENS[name]
    here = cockpit()
    with reading(language_of(query)):
        if here.lost is not None:
            return {"alarm": to_html(t("banner.ground")), "run": RUN}
        if not here.ready.is_set():
            return {"alarm": html.escape(t("startup.title")), "run": RUN}
        try:
            told = f'<div class="{name}">{screen()}</div>'
        except Exception:
            log.exception("the screen %s of the wall could not be drawn", name)
            return {"alarm": html.escape(t("wall.failed")), "run": RUN}
        digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
        found: dict[str, Any] = {
            "now_ms": here.clock.domain_ms(),
            "alarm": to_html(stopped()),
            "simulated": here.demo is not None,
            "digest": digest,
            "run": RUN,
        }
        if query.get("has") != digest:
            found["html"] = told
        return found


@cache
def version(path: Path) -> str:
    """Digest of a file of the wall."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _words(language: str) -> dict[str, Any]:
    prefix = "live_wall."
    own: dict[str, Any] = {k[len(prefix) :]: v for k, v in WORDS[language].items() if k.startswith(prefix)}
    return own | {"simulated": t("strip.simulated", language), "weekdays": list(days(language))}
