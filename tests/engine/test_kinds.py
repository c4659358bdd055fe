"""Kinds of rules: each is registered once, and what is wrong with a rule is said with its place."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.engine.kinds import KINDS
from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError, load
from cockpit.ui.kind_words import WORDS
from tests.engine.world import rule

GOOD = rule("x", "threshold", "camera", metric="fps", op="<", raise_at=12.0, clear_at=18.0)


def test_a_kind_is_registered_under_its_own_name() -> None:
    assert {code: kind.code for code, kind in KINDS.items()} == {code: code for code in KINDS}
    assert list(WORDS) == list(KINDS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "treshold"}, "key kind: found 'treshold', expected one of asset_silent"),
        ({"clear_at": 11.0}, "key clear_at: found 11.0, expected a value on the better side of raise_at"),
        ({"raise_at": None}, "expected all three"),
        ({"op": ""}, "expected all three"),
        ({"respond_s": 0}, "respond_s more than 0"),
        ({"for_s": -1}, "expected 0 or more"),
        ({"metric": "disk"}, "key metric: found 'disk', expected a metric that camera sends"),
        ({"kind": "asset_silent", "asset_kind": "kamera"}, "key asset_kind: found 'kamera'"),
    ],
)
def test_a_rule_that_cannot_work_is_named_with_its_place(change: dict[str, Any], words: str) -> None:
    wrong = msgspec.structs.replace(GOOD, **change)
    base = load("quang_ninh", size="district")
    with pytest.raises(ProfileError) as told:
        checked(replace(base, rules=(wrong, base.rule["incoming"])))
    (sentence,) = told.value.problems
    assert sentence.startswith("rules.toml [[rule]] x key")
    assert words in sentence


def test_every_kind_is_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", text[text.index("## The kinds") :], re.M)
    assert rows == list(KINDS)


def test_what_every_kind_claims_is_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "score.md").read_text("utf-8")
    table, _, rest = text[text.index("## What kinds of rules claim") :].partition("The other kinds")
    claiming = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert sorted(claiming) == sorted(code for code, kind in KINDS.items() if kind.claim)
    others = {code for code, kind in KINDS.items() if not kind.claim}
    assert others <= set(re.findall(r"`(\w+)`", rest[: rest.index("## What is counted")]))
