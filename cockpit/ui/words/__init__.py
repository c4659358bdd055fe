"""All text that people read: one catalogue a language, one section a screen, the same keys in both.

`t("home.verdict_red", n=3)` looks a sentence up and fills in its placeholders. Whole numbers are
written in the reader's way. Where English needs a singular, `{n:day|days}` takes the word that goes with
the number: `1 day`, `3 days`; where the whole sentence differs, a key ending in `_one` holds it and is
taken when `n` is 1.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import streamlit as st

LANGUAGES = ("vi", "en")
DEFAULT = "vi"
NBSP = "\u00a0"


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def catalogue(lang: str) -> dict[str, str]:
    """Every sentence of a language by its dotted key, read from the file."""
    path = Path(__file__).parent / f"{lang}.toml"
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))


WORDS: dict[str, dict[str, str]] = {lang: catalogue(lang) for lang in LANGUAGES}


_reader: ContextVar[str] = ContextVar("reader", default="")


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Write for a reader of this language: where no session of the pages says what it is."""
    before = _reader.set(language)
    try:
        yield
    finally:
        _reader.reset(before)


def lang() -> str:
    """The reader's language: what the switch says, else what the address says, else Vietnamese."""
    if named := _reader.get():
        return named
    chosen = str(st.session_state.get("lang") or st.query_params.get("lang") or "").lower()
    return chosen if chosen in LANGUAGES else DEFAULT


def t(key: str, /, in_lang: str | None = None, **values: object) -> str:
    """The sentence `key` in the reader's language with `values` filled in. Raises KeyError."""
    chosen = in_lang or lang()
    words = WORDS[chosen]
    if values.get("n") == 1 and f"{key}_one" in words:
        key = f"{key}_one"
    text = words[key]
    if not values:
        return text
    return text.format(**{name: _written(value, chosen) for name, value in values.items()})


class _Count(str):
    """A whole number as it is written, which knows its singular."""

    __slots__ = ("one",)
    one: bool

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return format(str(self), spec)
        singular, _, plural = spec.partition("|")
        return f"{self} {singular if self.one else plural}"


_PLURAL = re.compile(r"^([A-Za-z]{3,}[a-rt-z])s(?![A-Za-z])")


def unit_word(written: str, unit: str, in_lang: str | None = None) -> str:
    """The unit that goes with a number as it is written: `1 hour`, but `1.0 hours` and `3 hours`."""
    return _PLURAL.sub(r"\1", unit) if written in ("1", "\u22121") and (in_lang or lang()) == "en" else unit


def has(key: str) -> bool:
    """Whether the catalogues know this key: for keys made from a code that data brings."""
    return key in WORDS[DEFAULT]


def _written(value: object, chosen: str) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        text = f"{value:,}".replace("-", "\u2212")
        count = _Count(text.replace(",", ".") if chosen == "vi" else text)
        count.one = value == 1
        return count
    return value
