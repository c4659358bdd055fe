"""The catalogues: the same keys and placeholders in both languages, every key used, every used key there."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit

from cockpit import ROOT
from cockpit.ui import figures
from cockpit.ui.words import LANGUAGES, NBSP, WORDS, t

SOURCES = [*sorted((ROOT / "cockpit" / "ui").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]
COUNTED = re.compile(
    "alerts|areas|cameras|cells|days|devices|groups|indicators|rules|samples|sources|symptoms"
)
PLACEHOLDER = re.compile(r"\{.*?\}")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def without_singulars(keys: set[str]) -> set[str]:
    return {key for key in keys if not (key.endswith("_one") and key.removesuffix("_one") in keys)}


def test_both_languages_have_the_same_keys() -> None:
    vi, en = (without_singulars(set(WORDS[lang])) for lang in LANGUAGES)
    assert vi == en


def test_both_languages_fill_in_the_same_placeholders() -> None:
    for key, text in WORDS["vi"].items():
        assert placeholders(text) == placeholders(WORDS["en"][key]), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_empty_or_has_stray_spaces(lang: str) -> None:
    for key, text in WORDS[lang].items():
        assert text.strip() == text != "", key
        assert "  " not in text.replace("  \n", ""), key


def test_letters_are_composed() -> None:
    for key, text in WORDS["vi"].items():
        assert unicodedata.is_normalized("NFC", text), key


def literals(path: Path) -> Iterator[tuple[str, bool]]:
    """Strings of a module that look like keys: whole ones, and beginnings of f-strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, True
        elif isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "{}" for p in node.values]
            yield "".join(str(p) for p in parts), False


def calls(path: Path) -> Iterator[str]:
    """First arguments of `t(...)` that are written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t" and node.args:
            first = node.args[0]
            options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for option in options:
                if isinstance(option, ast.Constant):
                    yield str(option.value)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_key_that_is_asked_for_exists(path: Path) -> None:
    missing = [key for key in calls(path) if key not in WORDS["vi"]]
    assert not missing


def test_every_key_is_used() -> None:
    whole: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in SOURCES:
        for text, complete in literals(path):
            if complete:
                whole.add(text)
            elif "." in text and text.startswith(tuple(f"{section}." for section in SECTIONS)):
                patterns.append(re.compile(re.escape(text).replace(r"\{\}", ".+")))
    unused = [
        key
        for key in without_singulars(set(WORDS["vi"]))
        if key not in whole and not key.startswith(OF_SCRIPTS) and not any(p.fullmatch(key) for p in patterns)
    ]
    assert not unused


OF_SCRIPTS = ("live.", "live_wall.", "streamlit.", "icon.")
"""Handed whole to scripts of our own, which take from them what they need."""
SECTIONS = {key.split(".", 1)[0] for key in WORDS["vi"]}


def test_a_number_takes_the_word_that_goes_with_it() -> None:
    assert t("home.unit_text", "en", alerts=1, indicators=2) == "1 alert, 2 indicators off target"
    assert t("home.unit_text", "vi", alerts=1, indicators=2) == "1 cảnh báo, 2 chỉ số chưa đạt"


def test_a_unit_is_in_the_singular_only_for_one() -> None:
    assert figures.quantity(1.0, "dossiers", 0, "en") == f"1{NBSP}dossier"
    assert figures.quantity(1.0, "hours", 1, "en") == f"1.0{NBSP}hours"
    assert figures.quantity(2.0, "dossiers", 0, "en") == f"2{NBSP}dossiers"
    assert figures.quantity(1.0, "frames/s", 0, "en") == f"1{NBSP}frame/s"
    for unit in ("ms", "Mbit/s", "%", "dBm", "/20 points"):
        assert figures.quantity(1.0, unit, 0, "en") == f"1{NBSP}{unit}"
    assert figures.quantity(1.0, "hồ sơ", 0, "vi") == f"1{NBSP}hồ sơ"


def test_no_english_sentence_counts_one_thing_in_the_plural() -> None:
    """A number before a plural noun needs its singular: `{n:day|days}`, or a key of its own."""
    wrong = []
    for key, text in WORDS["en"].items():
        if f"{key}_one" in WORDS["en"] or key.endswith("_one"):
            continue
        wrong += [
            (key, noun) for noun in re.findall(r"(?<!of )\{\w+\} ([a-z]+)", text) if COUNTED.fullmatch(noun)
        ]
    assert wrong == []


COMPOSED = re.compile(r"streamlit\.(?:options|options_single|apply|date_of|role_.*)")
"""What Streamlit, or Vega for it, puts together from pieces."""


def test_what_is_put_into_streamlits_place_is_written_there_letter_by_letter() -> None:
    scripts = (Path(streamlit.__file__).parent / "static" / "static" / "js").glob("*.js")
    written = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in scripts)
    gone = [
        (key, piece)
        for key, text in WORDS["en"].items()
        if key.startswith("streamlit.") and not COMPOSED.fullmatch(key)
        for piece in PLACEHOLDER.split(text)
        if piece.strip() and piece not in written
    ]
    assert gone == [], "this Streamlit says it otherwise"
