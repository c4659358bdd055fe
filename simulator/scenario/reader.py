"""Tables of a TOML file that know where they stand, so that whatever is wrong is named with file, line and
key."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from typing import Any

from cockpit.domain import instants
from cockpit.domain.catalog import Text
from simulator.scenario.model import ScenarioError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?[smhd])+")


class Table:
    """A TOML table that knows where it stands. Every wrong key or value raises ScenarioError."""

    def __init__(self, file: str, text: str, name: str, n: int, raw: Mapping[str, Any]) -> None:
        self.file, self.raw, self.name = file, raw, name
        self._text, self._n = text, n
        self._asked: set[str] = set()

    def line(self, key: str) -> int:
        """Line of a key of this table, of its header where the key is missing."""
        lines = self._text.split("\n")  # as editors and TOML count them
        head, start, seen = self.name.split(".")[0], 0, -1
        if head:
            for number, line in enumerate(lines):
                if line.strip() == f"[[{head}]]":
                    seen += 1
                    if seen == self._n:
                        start = number
                        break
        wanted = self.name.split(".")[1] if "." in self.name else key
        for number in range(start, len(lines)):
            if number > start and lines[number].lstrip().startswith("["):
                break
            if wanted and re.match(rf"\s*{re.escape(wanted)}\s*=", lines[number]):
                return number + 1
        return start + 1

    def wrong(self, key: str, found: str, expected: str, cure: str) -> ScenarioError:
        table = f"[[{self.name.split('.')[0]}]] {self._n + 1}, " if self.name else ""
        inner = ".".join([*self.name.split(".")[1:], key])
        return ScenarioError(
            f"{self.file}, line {self.line(key)}: {table}key {inner!r}", found, expected, cure
        )

    def done(self) -> None:
        """Raise for the first key nobody asked for."""
        for key in self.raw:
            if key not in self._asked:
                close = difflib.get_close_matches(key, sorted(self._asked), 1)
                cure = f"Did you mean {close[0]!r}?" if close else "Take it out."
                raise self.wrong(key, "a key nobody knows", f"one of {', '.join(sorted(self._asked))}", cure)

    def tables(self, key: str, required: bool = True) -> list[Table]:
        rows = self._get(key, [] if not required else None, list, "tables [[...]]")
        for n, row in enumerate(rows):
            if not isinstance(row, dict):
                raise self.wrong(key, f"{row!r} at place {n + 1}", "a table", f"Write [[{key}]].")
        return [Table(self.file, self._text, key, n, row) for n, row in enumerate(rows)]

    def table(self, key: str) -> Table:
        found = self._get(key, None, dict, "a table in braces")
        return Table(self.file, self._text, f"{self.name}.{key}", self._n, found)

    def text(self, key: str) -> Text:
        found = self._get(key, None, dict, '{ vi = "…", en = "…" }')
        if set(found) != {"vi", "en"} or not all(isinstance(v, str) and v.strip() for v in found.values()):
            raise self.wrong(key, f"{found!r}", '{ vi = "…", en = "…" }', "Give both languages.")
        return Text(vi=found["vi"].strip(), en=found["en"].strip())

    def word(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        found = str(self._get(key, default, str, f"one of {', '.join(allowed)}"))
        if found not in allowed and found != default:
            close = difflib.get_close_matches(found, allowed, 1)
            cure = f"Did you mean {close[0]!r}?" if close else "Pick one of these."
            raise self.wrong(key, repr(found), f"one of {', '.join(allowed)}", cure)
        return found

    def code(self, key: str) -> str:
        found = str(self._get(key, None, str, "a code in quotes"))
        if not found:
            raise self.wrong(key, "nothing", "a code in quotes", "Write the code.")
        return found

    def words(self, key: str) -> tuple[str, ...]:
        found = self._get(key, (), (str, list, tuple), "a code or a list of codes")
        rows = (found,) if isinstance(found, str) else tuple(found)
        if not all(isinstance(row, str) and row for row in rows):
            raise self.wrong(key, f"{found!r}", "a code or a list of codes", "Write codes in quotes.")
        return rows

    def number(self, key: str, lo: float, hi: float, default: float | None = None) -> float:
        found = self._get(key, default, (int, float), f"a number from {lo:g} to {hi:g}")
        if isinstance(found, bool) or (found != default and not lo <= found <= hi):
            raise self.wrong(key, f"{found!r}", f"a number from {lo:g} to {hi:g}", "Change the number.")
        return float(found)

    def whole(self, key: str, lo: int, hi: int, default: int | None = None) -> int:
        found = self._get(key, default, int, f"a whole number from {lo} to {hi}")
        if isinstance(found, bool) or not lo <= found <= hi:
            raise self.wrong(key, f"{found!r}", f"a whole number from {lo} to {hi}", "Change the number.")
        return int(found)

    def span(self, key: str, default: int | None = None) -> int:
        """A length such as "90s", "45m" or "1h30m" in ms; `default` in ms."""
        expected = 'a length such as "90s", "45m" or "1h30m"'
        found = self._get(key, default, (str, int), expected)
        if found is default and default is not None:
            return int(default)
        if not isinstance(found, str) or not _SPAN.fullmatch(found):
            raise self.wrong(key, f"{found!r}", expected, "Write the number with its unit, in quotes.")
        return round(
            sum(float(n) * _UNITS[u] for n, u in re.findall(r"([0-9]+(?:\.[0-9]+)?)([smhd])", found)) * 1000
        )

    def instant(self, key: str) -> int:
        expected = 'a time with offset such as "2026-11-16T06:00:00+07:00"'
        found = self._get(key, None, (str, dt.datetime), expected)
        if isinstance(found, dt.datetime):
            found = found.isoformat()
        try:
            return instants.parse(found)
        except instants.NotAnInstant as error:
            if error.no_offset:
                raise self.wrong(key, "a time without offset", expected, "Add +07:00.") from None
            raise self.wrong(key, f"{found!r}", expected, "Mend the time.") from None

    def _get(self, key: str, default: Any, kinds: Any, expected: str) -> Any:
        self._asked.add(key)
        if key not in self.raw:
            if default is None:
                raise self.wrong(key, "nothing", expected, "Add the key.")
            return default
        if not isinstance(self.raw[key], kinds):
            raise self.wrong(key, f"{self.raw[key]!r}", expected, "Change the value.")
        return self.raw[key]
