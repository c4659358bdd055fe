"""A table of measurements as batches for the store: plain rows many at once, all others one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from cockpit.ingest.alike_samples import PARTED, Block, block_of
from cockpit.ingest.decode import SLICE
from cockpit.ingest.door import Door
from cockpit.ingest.files import Commits, Progress, parts, silent
from cockpit.ingest.mapping import Columns
from cockpit.ingest.measurements import Lines, RowReader, begun
from cockpit.ingest.report import ImportReport
from cockpit.ingest.sample_columns import Sheet
from cockpit.ingest.textlines import FileError, Item
from cockpit.store import Batch, StoreError
from cockpit.store.batch import Flags

ROWS = 131_072
"""Rows of a block: a commit costs by the minutes that its rows are spread over, and is kept in memory."""
FEWEST = 64
"""Fewer are read one by one."""
LONGEST = 4096
"""Bytes of a line that is read with others."""


class SampleBlocks:
    """Reads a table. The sources of its rows that are taken at once are put into `named`."""

    def __init__(
        self, items: Iterable[Item], report: ImportReport, mapping: Columns, door: Door, named: set[str]
    ) -> None:
        self._lines = Lines(items)
        self._report = report
        self._mapping = mapping
        self._door = door
        self._named = named

    def parts(self) -> Iterator[tuple[int, Batch | list[Item]]]:
        """Batches, and rows as events to be checked one by one; the number of the last line of each. Where
        the file cannot be read on, `report.broken` says so and what came before is given out."""
        try:
            sheet = begun(self._lines, self._report, self._mapping)
            while self._lines.peek(0) is not None:
                yield from self._block(sheet)
                yield from self._single(sheet)
            self._lines.take()  # says why there is no more
        except FileError as error:
            self._report.broken = str(error)

    def _block(self, sheet: RowReader) -> Iterator[tuple[int, Batch | list[Item]]]:
        """Plain rows for as long as they go on."""
        while True:
            first, rows = self._lines.plain(ROWS)
            taken = self._taken(first, rows, sheet) if len(rows) >= FEWEST else None
            last = first + len(rows) - 1
            if taken is not None:
                yield last, taken.batch
            left = range(len(rows)) if taken is None else np.flatnonzero(~taken.taken).tolist()
            for at in range(0, len(left), SLICE):
                some = left[at : at + SLICE]
                yield last, [item for n in some for item in sheet.item(first + n, rows[n])]
            if len(rows) < ROWS:
                return

    def _single(self, sheet: RowReader) -> Iterator[tuple[int, Batch | list[Item]]]:
        """What is unusual, and some rows after it: it seldom comes alone."""
        found: list[Item] = []
        last = 0
        for _ in range(SLICE):
            if self._lines.peek(0) is None:
                break
            item = self._lines.take()
            if item is not None:
                last = item[0]
                found += sheet.item(*item)
        if found:
            yield last, found

    def _taken(self, first: int, rows: Sequence[bytes], sheet: RowReader) -> Block | None:
        """The rows that can be taken at once, None where none can."""
        mapping = self._mapping
        whole = b"".join(rows)
        constant = {name: value for name, value in mapping.values.items() if name not in sheet.at}
        if (
            not mapping.plain
            or len(constant) < len(mapping.values)
            or not "".join(constant.values()).isascii()
            or PARTED in "".join(constant.values())
            or PARTED.encode() in whole
            or whole.count(b"\r") != whole.count(b"\r\n")
        ):
            return None
        sign, commas = mapping.separator.encode(), sheet.width - 1
        fits = np.array([row.count(sign) == commas and len(row) <= LONGEST for row in rows], np.bool_)
        fits &= ~np.array([row.isspace() for row in rows], np.bool_)
        if not fits.any():
            return None
        some = rows if fits.all() else [rows[n] for n in np.flatnonzero(fits).tolist()]
        try:
            table = Sheet(some, sheet.at, constant, sheet.width, mapping.separator)
        except ValueError:
            return None
        block = block_of(table, mapping, self._door.tables, self._door.now)
        at = np.flatnonzero(fits)
        for told in block.told:
            self._report.rows(first + int(at[told.first]), told.technology, told.n, told.places)
        self._named |= block.sources
        taken: Flags = np.zeros(len(rows), np.bool_)
        taken[at[block.taken]] = True
        block.taken = taken
        return block


def import_table(
    door: Door,
    blocks: SampleBlocks,
    report: ImportReport,
    screen: Callable[[Iterable[Item]], Iterator[Item]],
    progress: Progress = silent,
) -> None:
    """Store a table, counted in `report` as it is stored, also where this raises StoreError; rows that are
    read one by one go through `screen`."""
    commits = Commits(door, report)
    try:
        for done, found in blocks.parts():
            if isinstance(found, Batch):
                commits.add(found, most=1)
            else:
                for _, part in parts(screen(found), report):
                    commits.lines(part)
                report.settled()
            progress(done)
        commits.end()
    except StoreError:
        commits.salvage()
        raise
