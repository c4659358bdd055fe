"""What became of a file that others publish: counts, and the first lines of each reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cockpit.ingest.codes import Refusal
from cockpit.ingest.report import FIRST


@dataclass(slots=True)
class OutsideReport:
    """`stored` are new or younger than what was there, `known` the others; `elsewhere` counts what is good
    and not of the province, by where it is. `rows` is what the file counts in: line, row."""

    rows: str = "line"
    stored: int = 0
    known: int = 0
    elsewhere: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    broken: str = ""

    def refuse(self, number: int, refusal: Refusal) -> None:
        """Count a refusal; the first of each reason are told."""
        code = str(refusal.code)
        self.refused[code] += 1
        first = self.examples.setdefault(code, [])
        if len(first) < FIRST:
            first.append(f"{self.rows} {number}: {refusal.reason}")

    def lines(self, file: str) -> Iterator[str]:
        """The report in words."""
        all_ = self.stored + self.known + self.elsewhere.total() + self.refused.total()
        parts = [f"{self.stored} stored", f"{self.known} known already"]
        parts += [f"{n} {where}" for where, n in self.elsewhere.items()]
        yield f"{all_} rows: {', '.join(parts)}, {self.refused.total()} refused"
        for code, n in self.refused.most_common():
            for position, told in enumerate(self.examples[code]):
                head = f"{n:>9}  {code:<18}" if position == 0 else " " * 29
                yield f"{head} {file} {told}"
