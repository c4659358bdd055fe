"""Inflating: what comes out, and how much is looked at for it."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.ingest import inflate
from cockpit.ingest.inflate import LIMIT, MEMBERS, PIECE, BadEncoding, TooLarge

EMPTY = gzip.compress(b"")


@given(st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 3)), max_size=20))
def test_members_with_padding_give_what_they_hold(members: list[tuple[bytes, int]]) -> None:
    body = b"".join(gzip.compress(part) + bytes(padding) for part, padding in members)
    assert inflate.inflate(body, "gzip") == b"".join(part for part, _ in members)


@given(st.binary(min_size=1, max_size=2 * PIECE), st.data())
def test_a_body_cut_anywhere_is_refused(plain: bytes, data: st.DataObject) -> None:
    body = gzip.compress(plain)
    cut = data.draw(st.integers(1, len(body) - 1))
    with pytest.raises(BadEncoding, match="ends early"):
        inflate.inflate(body[:cut], "gzip")


@pytest.mark.parametrize(
    "body",
    [
        EMPTY * 400_000,
        EMPTY * MEMBERS + bytes(7_000_000),
        (gzip.compress(b"x") + bytes(8000)) * MEMBERS,
        gzip.compress(bytes(200_000_000)),
    ],
    ids=["members", "padding behind", "padding between", "bomb"],
)
def test_the_work_grows_with_the_body(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in bytes that zlib is given, and gives back as what it did not need."""
    looked_at = 0
    made = 0

    class Counting:
        def __init__(self, window: int) -> None:
            nonlocal made
            made += 1
            self._stream = zlib.decompressobj(window)

        def decompress(self, data: memoryview, most: int) -> bytes:
            nonlocal looked_at
            looked_at += len(data)
            return self._stream.decompress(data, most)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._stream, name)

    class Zlib:
        decompressobj, error = Counting, zlib.error

    monkeypatch.setattr(inflate, "zlib", Zlib)
    try:
        assert len(inflate.inflate(body, "gzip")) <= LIMIT
    except (BadEncoding, TooLarge):
        pass
    assert made <= MEMBERS
    assert looked_at <= len(body) + made * PIECE


def test_one_member_too_many_is_refused() -> None:
    assert inflate.inflate(EMPTY * MEMBERS, "gzip") == b""
    with pytest.raises(BadEncoding, match="more than 1000 gzip members"):
        inflate.inflate(EMPTY * (MEMBERS + 1), "gzip")
