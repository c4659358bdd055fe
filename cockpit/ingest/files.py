"""Files as a door: lines of events, by the same checks as HTTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout

import msgspec

from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.decode import SLICE, rows
from cockpit.ingest.door import Door
from cockpit.ingest.inflate import LIMIT
from cockpit.ingest.report import ImportReport
from cockpit.ingest.textlines import FileError, Item
from cockpit.store import Batch, Outcome, QueueFull, StoreError

AHEAD = 8
"""Batches that may wait for their commit while the next lines are parsed."""
WAIT_S = 60.0

Progress = Callable[[int], None]


def silent(_: int) -> None:
    """Nobody looks on."""


def import_lines(
    door: Door, lines: Iterable[bytes], progress: Progress = silent, *, past: bool = False
) -> ImportReport:
    """Store events, one JSON a line. Returns after the last commit.

    `progress` gets the number of lines done after every 1,000; what it raises ends the import, and
    what is stored stays. With `past` the engine is not told: what is long over raises no alert.
    Raises StoreError.
    """
    report = ImportReport()
    import_items(door, enumerate(lines, 1), report, progress, past=past)
    return report


def import_items(
    door: Door,
    items: Iterable[Item],
    report: ImportReport,
    progress: Progress = silent,
    *,
    past: bool = False,
) -> None:
    """The same for numbered lines, counted in `report` as they are stored, also where this raises."""
    commits = Commits(door, report)
    try:
        for done, part in parts(items, report):
            commits.lines(part, past=past)
            progress(done)
        commits.end()
    except StoreError:
        commits.salvage()
        raise


class Commits:
    """Batches on their way to the disk."""

    def __init__(self, door: Door, report: ImportReport) -> None:
        self._door = door
        self._report = report
        self._waiting: deque[Future[Outcome]] = deque()

    def lines(self, part: Sequence[tuple[int, bytes]], *, past: bool = False) -> None:
        """Check and hand on. Raises StoreError."""
        batch = self._door.check([line for _, line in part])
        batch.past = past
        for refused in batch.refused:
            self._report.refuse(str(refused.code), part[refused.index][0], refused.reason)
        self.add(batch)

    def add(self, batch: Batch, most: int = AHEAD) -> None:
        """Hand on; no more than so many are waiting then. Raises StoreError."""
        while True:
            try:
                self._waiting.append(self._door.append(batch))
                break
            except QueueFull:
                if not self._waiting:
                    raise
                _take(self._report, self._waiting.popleft())
        if len(self._waiting) > most:
            _take(self._report, self._waiting.popleft())

    def end(self) -> None:
        """All are on the disk. Raises StoreError."""
        while self._waiting:
            _take(self._report, self._waiting.popleft())

    def salvage(self) -> None:
        """Count what was stored before the store gave up."""
        for future in self._waiting:
            if future.done() and not future.cancelled() and future.exception() is None:
                _take(self._report, future)


def _take(report: ImportReport, future: Future[Outcome]) -> None:
    try:
        outcome = future.result(WAIT_S)
    except FutureTimeout:
        raise StoreError("locked", f"no commit within {WAIT_S:g} s") from None
    report.accepted += outcome.accepted
    report.duplicates += outcome.duplicates


def parts(items: Iterable[Item], report: ImportReport) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Up to SLICE lines that are not blank, after the number of the last. What is refused already is
    counted; whoever takes a part has counted its refusals when the next is asked for. Where a file cannot be
    read on, `report.broken` says so and what came before is given out."""
    part: list[tuple[int, bytes]] = []
    number = seen = 0
    try:
        for number, line in items:
            if isinstance(line, Refusal):
                report.refuse(str(line.code), number, line.reason)
            elif line and not line.isspace():
                part.append((number, line))
            else:
                continue
            seen += 1
            if seen == SLICE:
                yield number, part
                report.settled()
                part, seen = [], 0
    except FileError as error:
        report.broken = str(error)
    if seen:
        yield number, part


class _Source(msgspec.Struct):
    """As much of an event as tells whose it is."""

    source: str | msgspec.UnsetType = msgspec.UNSET


_source = msgspec.json.Decoder(_Source)


def screened(items: Iterable[Item], sources: Container[str], named: set[str] | None = None) -> Iterator[Item]:
    """Lines as they may be sent: what names none of the sources is refused here and goes nowhere, nor does
    what is no JSON or larger than any body. The sources that are named are put into `named`."""
    for number, line in items:
        if isinstance(line, Refusal) or not line or line.isspace():
            yield number, line
        else:
            yield number, _screen(line, sources, named)


def _screen(line: bytes, sources: Container[str], named: set[str] | None) -> bytes | Refusal:
    if len(line) > LIMIT:
        return Refusal(Code.LINE_TOO_LONG, f"the event has {len(line)} bytes, expected at most {LIMIT}")
    try:
        source = _source.decode(line).source
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        found = rows([line.strip()]).items[0]
        if isinstance(found, Refusal) and found.code == Code.NOT_JSON:
            return found
        source = found.source or msgspec.UNSET
    if source is msgspec.UNSET:
        return line
    if source in sources:
        if named is not None:
            named.add(source)
        return line
    return Refusal(Code.UNKNOWN_SOURCE, f"source {shown(source)} is not in the catalogue")
