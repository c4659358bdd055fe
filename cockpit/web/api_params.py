"""Query parameters: each wrong one is answered with where, what was found and what is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from starlette.requests import Request

from cockpit.ingest.codes import Refusal
from cockpit.ingest.times import EXAMPLE, to_ms

T = TypeVar("T")
MAX_LIMIT = 10_000
MAX_ASSETS = 100
_PLUS = re.compile(r" (?=\d\d:\d\d$)", re.ASCII)


class BadParameter(Exception):
    """A parameter of the query or a field of the body that cannot be used."""

    def __init__(self, where: str, found: object, expected: str) -> None:
        super().__init__(f"{where}: found {found!r}, expected {expected}")
        self.where = where
        self.found = found if found is None else str(found)[:200]
        self.expected = expected


class Params:
    """The query of a request. Every reader raises BadParameter."""

    def __init__(self, request: Request, known: tuple[str, ...]) -> None:
        self._query = request.query_params
        for name in self._query:
            if name not in known:
                raise BadParameter(name[:60], "this parameter", f"one of {', '.join(known) or 'none'}")

    def text(self, name: str) -> str | None:
        found = self._query.getlist(name)
        if len(found) > 1:
            raise BadParameter(name, f"{len(found)} values", "one value")
        return found[0] if found else None

    def of(self, name: str, table: Mapping[str, T]) -> T:
        """The entry of a table that the parameter names; it must be there."""
        entry = self.maybe_of(name, table)
        if entry is None:
            raise BadParameter(name, None, "a code of the catalogue")
        return entry

    def maybe_of(self, name: str, table: Mapping[str, T]) -> T | None:
        found = self.text(name)
        if found is None:
            return None
        if found not in table:
            raise BadParameter(name, found, "a code of the catalogue")
        return table[found]

    def many_of(self, name: str, table: Mapping[str, T]) -> list[T]:
        found = self._query.getlist(name)
        if len(found) > MAX_ASSETS:
            raise BadParameter(name, f"{len(found)} values", f"at most {MAX_ASSETS}")
        for one in found:
            if one not in table:
                raise BadParameter(name, one, "a code of the catalogue")
        return [table[one] for one in found]

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        found = self.text(name)
        if found is None:
            return default
        if found not in allowed:
            raise BadParameter(name, found, f"one of {', '.join(allowed)}")
        return found

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        found = self.text(name)
        if found is None:
            return default
        digits = found.isascii() and found.isdigit() and len(found) <= 12
        if not digits or not low <= int(found) <= high:
            raise BadParameter(name, found, f"a whole number from {low} to {high}")
        return int(found)

    def instant(self, name: str, default: int) -> int:
        found = self.text(name)
        if found is None:
            return default
        try:
            # A plus sign that was not escaped arrives as a space.
            return to_ms(_PLUS.sub("+", found), name)
        except Refusal:
            raise BadParameter(name, found, f"a time with offset such as {EXAMPLE}") from None

    def span(self, now_ms: int, default_ms: int, longest_ms: int) -> tuple[int, int]:
        """`from` (included) and `to` (excluded) in ms; by default the time up to now."""
        end = self.instant("to", now_ms + 1)
        start = self.instant("from", end - default_ms)
        if not start < end:
            raise BadParameter("from", self.text("from"), "a time before `to`")
        if end - start > longest_ms:
            raise BadParameter("from", self.text("from"), f"at most {longest_ms // 3_600_000} h before `to`")
        return start, end
