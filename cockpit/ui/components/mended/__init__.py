"""What Streamlit's front end leaves undone, mended in the browser: its words, names, and keys.

It knows no language but English: menus, tool bars of tables, calendars, what a screen reader is told. The
script puts the catalogue's words in their place, letter by letter as they are in `streamlit.*`. It names a
link that only says "open" by what it opens, lets no name of an icon be read aloud but of those that carry a
state, and in a table lets Enter choose a row and Tab go on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cockpit.ui.components.packaged import Packaged
from cockpit.ui.words import LANGUAGES, WORDS, lang, t

THEIRS = "en"
"""The language that Streamlit speaks."""
BARE = ("ui.open", "stage.see_alerts", "stage.see_coverage", "stage.see_cameras", "stage.see_sources")
"""Labels of links at the end of a row, which leave it to the row to say what is opened."""

_component = Packaged("mended", Path(__file__).parent, js="mended.js", css="mended.css", html="<span></span>")


def _section(name: str, language: str) -> dict[str, str]:
    prefix = f"{name}."
    return {k.removeprefix(prefix): v for k, v in WORDS[language].items() if k.startswith(prefix)}


def _words(language: str) -> dict[str, Any]:
    theirs, ours = _section("streamlit", THEIRS), _section("streamlit", language)
    return {
        "lang": language,
        "words": {} if language == THEIRS else {theirs[key]: ours[key] for key in theirs},
        "icons": _section("icon", language),
        "bare": [t(key, language) for key in BARE],
    }


_SENT = {language: _words(language) for language in LANGUAGES}


def mend() -> None:
    """Mount it, once in a page: it takes no room."""
    _component(key="mended", data=_SENT[lang()], width="content", height="content")
