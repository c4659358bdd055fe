"""What the screen tells of a refusal: by code and facts, in the reader's language."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from cockpit.ingest.codes import Code
from cockpit.ui.refusal_words import sentence
from cockpit.ui.words import WORDS
from cockpit.views import refusals
from tests.wire.conftest import Bench
from tests.wire.test_events import ALL, BAD, post


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_has_its_sentence(language: str) -> None:
    for code in Code:
        assert f"refusal.{code}" in WORDS[language]
    codes = {str(code) for code in Code}
    for form in refusals.FORMS:
        assert form in codes
        assert f"refusal_of.{form}" in WORDS[language]


def test_what_the_door_refuses_is_told_with_its_facts(bench: Bench) -> None:
    client: TestClient = bench.client(bench.token(*ALL))
    refused = post(client, [bad for bad, _ in BAD]).json()["rejected"]
    assert len(refused) == len(BAD)
    with_facts: set[str] = set()
    for one in refused:
        code, reason = one["code"], one["reason"]
        if refusals.facts(code, reason):
            with_facts.add(code)
        for language in ("vi", "en"):
            told = sentence(code, reason, language)
            assert told, one
            assert "{" not in told.replace(reason, ""), told
            if language == "vi":
                assert told != reason, one
    assert with_facts == {str(code) for _, code in BAD} & set(refusals.FORMS), (
        "a form fits no sentence of the door"
    )


def test_a_value_out_of_range_is_told_with_value_and_range() -> None:
    reason = "fps is 999, expected 0 to 120 1/s"
    assert sentence("out_of_range", reason, "vi") == "fps là 999, cho phép từ 0 đến 120 1/s"
    assert sentence("out_of_range", reason, "en") == "fps is 999, allowed is 0 to 120 1/s"


def test_a_sentence_of_another_form_is_told_by_its_code_and_an_unknown_code_by_itself() -> None:
    assert sentence("out_of_range", "something else", "vi") == "Giá trị ngoài khoảng cho phép"
    assert sentence("made_up", "as the door wrote it", "vi") == "as the door wrote it"
    assert json.dumps(refusals.facts("made_up", "x")) == "{}"


def test_braces_in_what_was_sent_are_only_text() -> None:
    told = sentence("unknown_asset", "asset '{limit}{0}' is not in the catalogue", "vi")
    assert told == "Thiết bị {limit}{0} không có trong danh mục"
