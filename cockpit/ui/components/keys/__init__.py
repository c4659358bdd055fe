"""Keys of the alert desk, and the list that tells of them.

A press goes the way of the pointer: to the row, to the search field, to the button that stands on the page.
Keys of one letter can be switched off (WCAG 2.1.4); whether they are on is kept in the browser. While
somebody writes they are letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cockpit.ui.components.packaged import Packaged
from cockpit.ui.words import t

_component = Packaged(
    "keys", Path(__file__).parent, js="keys.js", css="keys.css", html='<div class="keys"></div>'
)


class Key(NamedTuple):
    """`press` is a CSS selector of what is pressed in the page, `then` a label of a choice that opens."""

    key: str
    words: str
    press: str
    then: str = ""


def draw(keys: Sequence[Key], *, search: str) -> None:
    """Mount them: a quiet button opens the list. `search` is the selector of the field that / goes to."""
    own: Mapping[str, str] = {
        "j": t("keys.next"),
        "k": t("keys.previous"),
        "/": t("keys.search"),
        "?": t("keys.help"),
    }
    told = [[key, words, "", ""] for key, words in own.items()]
    told[2:2] = [[one.key.lower(), one.words, one.press, one.then] for one in keys]
    _component(
        key="keys",
        data={
            "keys": told,
            "search": search,
            "open": t("keys.open"),
            "title": t("keys.title"),
            "on": t("keys.on"),
            "close": t("keys.close"),
            "col_key": t("keys.col_key"),
            "col_does": t("keys.col_does"),
        },
        width="content",
        height="content",
    )
