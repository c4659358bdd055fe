"""Whose name a sign-in gives: one person's for certain, or nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.person import MAX_NAME, known_as, named_by_provider, named_by_proxy
from cockpit.domain.text import plain


@pytest.mark.parametrize(
    "name", ["lan@example.gov.vn", "Nguyễn Văn Đức", "CN\\an.tran", "o'neil+x@example.vn"]
)
def test_names_of_people_are_taken(name: str) -> None:
    assert known_as(f" {name}\t") == name


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "a,b", "an\u202e", "an\u200b", "an\x00", "an\r\nx", "\uff41n", "\u0430dmin", "adm\u0131n",
        "\ufb01n", "x" * (MAX_NAME + 1), "an\ud800", "ɑn",
    ],
)  # fmt: skip
def test_names_that_could_be_taken_for_anothers_are_nobodys(name: str) -> None:
    assert known_as(name) is None


def test_composed_and_parted_letters_are_one_name() -> None:
    assert known_as("Nguye\u0302\u0303n") == known_as("Nguyễn")


@pytest.mark.parametrize(
    ("headers", "name", "why"),
    [
        ([("x-user", "an")], "an", ""),
        ([("X-USER", "Nguyễn".encode().decode("latin-1"))], "Nguyễn", ""),
        ([], "", "nobody"),
        ([("x-user", " ")], "", "nobody"),
        ([("x-user", "an"), ("x-user", "an")], "", "unclear"),
        ([("x-user", "an"), ("X-User", "")], "", "unclear"),
        ([("x-user", "an"), ("x_user", "binh")], "", "unclear"),
        ([("x_user", "an")], "", "unclear"),
        ([("x-user", "an, binh")], "", "unclear"),
        ([("x-user", "\xff")], "", "unclear"),
    ],
)
def test_a_header_names_somebody_only_where_it_comes_once(
    headers: list[tuple[str, str]], name: str, why: str
) -> None:
    assert named_by_proxy("X-User", headers) == (name, why)


@pytest.mark.parametrize(
    ("claims", "trusted", "name"),
    [
        ({"email": "an@example.vn", "email_verified": True}, False, "an@example.vn"),
        ({"email": "an@example.vn", "email_verified": "true"}, False, "an@example.vn"),
        ({"email": "an@example.vn", "email_verified": False}, True, ""),
        ({"email": "an@example.vn", "email_verified": "false"}, True, ""),
        ({"email": "an@example.vn", "email_verified": 1}, False, ""),
        ({"email": "an@example.vn"}, False, ""),
        ({"email": "an@example.vn"}, True, "an@example.vn"),
        ({"name": "quan.tri@example.vn", "sub": "x", "email_verified": True}, True, ""),
        ({"name": "quan.tri@example.vn", "email": "", "email_verified": True}, True, ""),
        ({"email": ["an@example.vn"], "email_verified": True}, True, ""),
    ],
)
def test_a_provider_names_somebody_by_a_verified_mailbox(
    claims: dict[str, Any], trusted: bool, name: str
) -> None:
    assert named_by_provider(claims, trust_emails=trusted)[0] == name


def test_text_keeps_what_can_be_seen() -> None:
    assert plain(" a\u202eb\r\nc\u2028d\u200b\x07 \ud800\U000e0041 điện ") == "ab c d  điện"
