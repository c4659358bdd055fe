"""What became of a file that was brought in: the same words whichever way it went."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cockpit.domain.coverage.places import EXACT_M, INEXACT, UNKNOWN
from cockpit.domain.coverage.technologies import LTE, generation

FIRST = 3
"""Lines told of each reason."""
MAX_TECHNOLOGIES = 20


@dataclass(slots=True)
class ImportReport:
    """What became of a file. `refused` counts by code; `examples` holds the first lines of each, as
    (number, reason). `broken` says where the file could not be read on, `told` what else is to be known."""

    accepted: int = 0
    duplicates: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    technologies: Counter[str] = field(default_factory=Counter)
    """Of a table: rows that were not refused, by technology as it is written."""
    places: Counter[str] = field(default_factory=Counter)
    """Of these, rows of LTE whose place is not known well, by the reason why."""
    told: list[str] = field(default_factory=list)
    broken: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Of a table: what a reason begins with, or its code, and the columns that this is about."""
    dry: bool = False
    """Nothing is stored: `accepted` counts what would be, also what is known already."""
    _first: dict[str, int] = field(default_factory=dict)
    """The first line of each technology."""
    _rows: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Rows that may still be refused, by line: technology, and of LTE what is wrong with the place."""

    @property
    def events(self) -> int:
        return self.accepted + self.duplicates + self.refused.total()

    def refuse(self, code: str, line: int, reason: str) -> None:
        """Count a refusal; its line is told if it is one of the first of its code."""
        self.refused[code] += 1
        if line in self._rows:
            technology, place = self._rows.pop(line)
            self.technologies[technology] -= 1
            if not self.technologies[technology]:
                del self.technologies[technology]
                del self._first[technology]
            if place:
                self.places[place] -= 1
        first = self.examples.setdefault(code, [])
        if len(first) == FIRST and first[-1][0] <= line:
            return
        about = self.columns.get(code) or self.columns.get(reason.split(" ", 1)[0])
        insort(first, (line, f"column {about}: {reason}" if about else reason))
        del first[FIRST:]

    def row(self, line: int, name: str, place: str) -> None:
        """Count a row by its technology, as it is written, and by what is wrong with its place."""
        full = name not in self.technologies and len(self.technologies) >= MAX_TECHNOLOGIES
        shown = "…" if full else name
        why = place if not name or generation(name) == LTE else ""
        self.technologies[shown] += 1
        self._first[shown] = min(line, self._first.get(shown, line))
        if why:
            self.places[why] += 1
        self._rows[line] = shown, why

    def rows(self, first: int, name: str, n: int, places: Mapping[str, int]) -> None:
        """Count rows of one technology that are sure to be taken, from a first line on; `places` is what is
        wrong with some of theirs."""
        full = name not in self.technologies and len(self.technologies) >= MAX_TECHNOLOGIES
        shown = "…" if full else name
        self.technologies[shown] += n
        self._first[shown] = min(first, self._first.get(shown, first))
        self.places.update(places)

    def settled(self) -> None:
        """All rows so far are stored or refused."""
        self._rows.clear()

    def lines(self, file: str) -> Iterator[str]:
        """The report in words: a sentence of counts, then each reason with its first lines."""
        if self.dry:
            refused = self.refused.total()
            yield f"{self.events} events: {self.accepted} good, {refused} refused; nothing was stored"
        else:
            yield (
                f"{self.events} events: {self.accepted} stored, {self.duplicates} known already, "
                f"{self.refused.total()} refused"
            )
        # Lines may be looked at in any order: the first ones tell which reason came first.
        for code, n in sorted(self.refused.items(), key=lambda item: (-item[1], self.examples[item[0]][0])):
            for position, (line, reason) in enumerate(self.examples[code]):
                head = f"{n:>9}  {code:<18}" if position == 0 else " " * 29
                yield f"{head} {file} line {line}: {reason}"
        if any(self.technologies):
            ordered = sorted(self.technologies.items(), key=lambda item: (-item[1], self._first[item[0]]))
            counts = [f"{_written(name)} {n}" for name, n in ordered]
            yield f"rows by technology: {', '.join(counts)}"
        if n := self.places[UNKNOWN]:
            yield f"rows of unknown accuracy, acc_m 0 or none (kept apart, say nothing about 4G): {n}"
        if n := self.places[INEXACT]:
            yield f"rows less exact than {EXACT_M:g} m (kept apart, say nothing about 4G): {n}"
        yield from self.told


def _written(technology: str) -> str:
    """A technology as the file writes it, and what follows from it where it is no LTE."""
    found = generation(technology) if technology else LTE
    if not technology:
        return "not given, taken as LTE"
    return technology if found in (LTE, None) else f"{technology} (kept apart, says nothing about 4G)"
