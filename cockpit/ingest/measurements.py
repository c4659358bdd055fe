"""CSV of signal measurements as `ioc.sample` events: a row is read whole or refused alone.

A quote that does not close would swallow the rest of the file: it costs its own line, and reading goes on
at the next. Line ends within quotes are taken in columns that nobody reads, such as notes.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec

from cockpit.domain.coverage.places import place_problem
from cockpit.ingest.absence import absent
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.mapping import OURS, Columns
from cockpit.ingest.report import ImportReport
from cockpit.ingest.textlines import FileError, Item

COLUMNS = (
    "ts", "operator", "tech", "band", "lat", "lon", "acc_m", "rsrp_dbm", "rsrq_db", "sinr_db", "pci",
    "cell_id", "dl_mbps", "ul_mbps", "rtt_ms", "indoor", "device_hash", "source",
)  # fmt: skip
NEEDED = ("ts", "operator", "lat", "lon", "acc_m", "rsrp_dbm", "device_hash", "source")
FILLED = tuple(name for name in NEEDED if name != "acc_m")
"""Columns that hold a value in every row: a place without accuracy is one that nobody knows well."""

ABOUT = {
    "time": "ts", "subject": "device_hash", "source": "source", "operator": "operator", "tech": "tech",
    Code.BAD_PLACE: "lat, lon", "accuracy_m": "acc_m", "rsrp_dbm": "rsrp_dbm", "rsrq_db": "rsrq_db",
    "sinr_db": "sinr_db", "down_mbps": "dl_mbps", "up_mbps": "ul_mbps", "cell": "cell_id",
}  # fmt: skip
"""What the door's reasons begin with, or their code where that is no name, and the column each is about."""

MAX_FIELD = 128 * 1024
"""Characters of a field: the csv module's own limit, which is left alone as it holds for a whole process."""
_AHEAD = 8192
"""Lines that are looked at together."""
MAX_SPAN = 1_000
"""Lines that one quoted field may span."""

_NUMBERS = (
    ("lat", "lat"), ("lon", "lon"), ("acc_m", "accuracy_m"), ("rsrp_dbm", "rsrp_dbm"), ("rsrq_db", "rsrq_db"),
    ("sinr_db", "sinr_db"), ("dl_mbps", "down_mbps"), ("ul_mbps", "up_mbps"),
)  # fmt: skip
_TEXTS = (("cell_id", "cell"), ("tech", "tech"))
INDOOR = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_EXAMPLES = {
    "ts": "a time such as 2026-11-22T08:00:00+07:00", "operator": "an operator's code",
    "lat": "degrees such as 20.9512", "lon": "degrees such as 107.0833", "acc_m": "metres such as 12.5",
    "rsrp_dbm": "dBm such as -97.5", "rsrq_db": "dB such as -11", "sinr_db": "dB such as 7.5",
    "dl_mbps": "Mbit/s such as 31.5", "ul_mbps": "Mbit/s such as 4.2",
    "device_hash": "what tells devices apart", "source": "a source of the catalogue",
}  # fmt: skip


def sample_items(items: Iterable[Item], report: ImportReport, mapping: Columns = OURS) -> Iterator[Item]:
    """Rows as lines of events with the number of the line where each begins; `mapping` says what the columns
    of a log are. Raises FileError for a header that cannot be used.

    The id of an event is the hash of its row, so that a file imported twice stores nothing twice.
    """
    lines = Lines(items)
    sheet = begun(lines, report, mapping)
    while (item := lines.take()) is not None:
        yield from sheet.item(*item)


def begun(lines: Lines, report: ImportReport, mapping: Columns) -> RowReader:
    """What reads the rows under a header, which is taken. Raises FileError."""
    report.columns = {
        about: ", ".join(mapping.called(name) for name in names.split(", ")) for about, names in ABOUT.items()
    }
    return RowReader(lines, header(lines, mapping), report, mapping)


class Lines:
    """Lines that can be looked at before they are taken."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = iter(items)
        self._waiting: deque[Item] = deque()
        self._broken: FileError | None = None

    def take(self) -> Item | None:
        """The next line, None at the end. Raises FileError where the file cannot be read on."""
        if self.peek(0) is None:
            if self._broken is not None:
                raise self._broken
            return None
        return self._waiting.popleft()

    def plain(self, most: int) -> tuple[int, list[bytes]]:
        """Lines up to the next of which something is unusual: a quote, a NUL byte, what is no ASCII, or no
        line at all; and the number of the first."""
        item = self.peek(0)
        found: list[bytes] = []
        while len(found) < most:
            if not self._waiting and self._broken is None:
                try:
                    self._waiting.extend(islice(self._items, min(_AHEAD, most - len(found))))
                except FileError as error:  # what came before it is there
                    self._broken = error
            if not self._waiting:
                break
            lines = [line for _, line in self._waiting if isinstance(line, bytes)]
            if len(lines) == len(self._waiting) <= most - len(found) and _is_plain(b"".join(lines)):
                found += lines
                self._waiting.clear()
                continue
            while self._waiting and len(found) < most:
                line = self._waiting[0][1]
                if isinstance(line, Refusal) or not _is_plain(line):
                    return (item[0] if item else 0), found
                found.append(line)
                self._waiting.popleft()
        return (item[0] if item else 0), found

    def peek(self, ahead: int) -> Item | None:
        """A line that is still to be taken, None where there is none."""
        while len(self._waiting) <= ahead and self._broken is None:
            try:
                self._waiting.append(next(self._items))
            except StopIteration:
                return None
            except FileError as error:
                self._broken = error
        return self._waiting[ahead] if ahead < len(self._waiting) else None


def header(lines: Lines, mapping: Columns) -> list[str]:
    """Names of the columns in small letters. Raises FileError."""
    expected = mapping.separator.join(mapping.columns.values() if mapping.columns else COLUMNS)
    while (item := lines.take()) is not None:
        number, line = item
        if isinstance(line, Refusal):
            raise FileError(f"line {number}: {line.reason}")
        if not line.isspace():
            break
    else:
        raise FileError(f"line 1: found no header, expected {expected}")
    try:
        text = line.decode()
        names = [name.strip().lower() for name in next(_read([text], mapping))]
    except UnicodeDecodeError:
        raise FileError(f"line {number}: the header is no UTF-8: save the file as CSV in UTF-8") from None
    except csv.Error as error:
        raise FileError(f"line {number}: the header is no CSV ({error}), expected {expected}") from None
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        few = len(names) < len(NEEDED) and text.count(sign) >= len(NEEDED) - 1
        if few and sign != mapping.separator:
            cure = "state it in its file" if mapping.columns else "save the file as CSV with commas"
            raise FileError(
                f"line {number}: columns are parted by {called}, expected commas, and points in numbers: "
                f"{cure}, or give a --mapping"
            )
    twice = [name for name, n in Counter(names).items() if n > 1 and name]
    if twice:
        raise FileError(
            f"line {number}: column {', '.join(map(shown, twice))} is there twice, expected each once: "
            "take out or rename the other"
        )
    # A log may have no accuracy; what its mapping names it must have all the same.
    asked = (*FILLED, *mapping.columns) if mapping.columns else NEEDED
    missing = [
        mapping.called(name)
        for name in dict.fromkeys(asked)
        if mapping.called(name).lower() not in names and name not in mapping.values
    ]
    if missing:
        raise FileError(f"line {number}: columns {', '.join(missing)} are missing, expected {expected}")
    return names


class RowReader:
    """Reads rows under a header."""

    def __init__(self, lines: Lines, names: list[str], report: ImportReport, mapping: Columns) -> None:
        self._lines = lines
        self._names = names
        self._report = report
        self._mapping = mapping
        at = {name: i for i, name in enumerate(names) if name}
        called = {column: mapping.called(column).lower() for column in COLUMNS}
        self.at = {column: at[name] for column, name in called.items() if name in at}
        self.width = len(names)
        self._read = list(self.at.values())
        read = set(self._read)
        others = [shown(name) for name, i in at.items() if i not in read]
        if others:
            report.told.append(f"columns that are not read: {', '.join(others)}")

    def item(self, number: int, line: bytes | Refusal) -> Iterator[Item]:
        """The event of the row that begins with a line, or why there is none; nothing of a blank line."""
        if isinstance(line, Refusal):
            yield number, line
        elif not line.isspace():
            try:
                yield number, self.event(number, line)
            except Refusal as refusal:
                yield number, refusal

    def event(self, number: int, line: bytes) -> bytes:
        """The event of the row that begins with a line of this number. Raises Refusal."""
        fields = self._fields(self._text(line))
        if len(fields) != len(self._names):
            raise self._width(fields)
        row = {name: fields[at] for name, at in self.at.items()}
        for name, value in self._mapping.values.items():
            if absent(row.get(name, "")):
                row[name] = value
        data, event = self._event(row)
        self._report.row(number, self._technology(row), place_problem(data["accuracy_m"]))
        return event

    def _technology(self, row: dict[str, str]) -> str:
        tech = row.get("tech", "")
        return "" if absent(tech) else self._mapping.word("tech", tech).upper()[:20]

    def _text(self, line: bytes) -> str:
        """The text of a line. Raises Refusal, naming the column where its bytes are no text."""
        try:
            text = line.decode()
            if "\0" not in text:
                return text
        except UnicodeDecodeError:
            text = line.decode("utf-8", "replace")
            code, sign, what = Code.BAD_TEXT, "\ufffd", "is no UTF-8: save the file as CSV in UTF-8"
        else:
            code, sign, what = Code.CONTROL_CHARACTER, "\0", "holds a NUL byte: take it out"
        try:
            fields = next(csv.reader([text], delimiter=self._mapping.separator))
            at = next(i for i, field in enumerate(fields) if sign in field)
            raise Refusal(code, f"column {self._name(at)}: {shown(fields[at])} {what}")
        except (csv.Error, StopIteration):
            raise Refusal(code, f"the row {what}") from None

    def _fields(self, text: str) -> list[str]:
        """Fields of the row that begins with a line; more lines are taken where quotes span them."""
        if '"' not in text and len(text) <= MAX_FIELD:
            return text.rstrip("\r\n").split(self._mapping.separator)
        try:
            return next(_read([text], self._mapping))
        except csv.Error as error:
            if "end of data" not in str(error):
                raise self._malformed(text, error) from None
        return self._spanning(text)

    def _spanning(self, text: str) -> list[str]:
        taken = 0

        def lines() -> Iterator[str]:
            yield text
            for ahead in range(MAX_SPAN):
                item = self._lines.peek(ahead)
                if item is None or isinstance(item[1], Refusal) or b"\0" in item[1]:
                    return
                try:
                    yield item[1].decode()
                except UnicodeDecodeError:
                    return

        reader = csv.reader(lines(), strict=True, delimiter=self._mapping.separator)
        try:
            fields = next(reader)
            taken = reader.line_num - 1
        except csv.Error:
            fields = []
        # A line end in a column that is read is no value: there the quote was not meant to span lines.
        spans = {i for i, field in enumerate(fields) if "\n" in field or "\r" in field}
        if len(fields) != len(self._names) or not spans.isdisjoint(self._read):
            begun = len(next(csv.reader([text], delimiter=self._mapping.separator))) - 1
            raise Refusal(
                Code.BAD_ROW, f"column {self._name(begun)}: a quote does not close: close or drop it"
            )
        for _ in range(taken):
            self._lines.take()
        return fields

    def _malformed(self, text: str, error: csv.Error) -> Refusal:
        if "field larger" in str(error):
            sizes = [len(field) for field in text.split(self._mapping.separator)]
            at = min(sizes.index(max(sizes)), len(self._names))
            found = f"column {self._name(at)}: a field of more than {MAX_FIELD} characters"
            return Refusal(Code.TEXT_TOO_LONG, f"{found}: shorten it")
        return Refusal(
            Code.BAD_ROW, "a quote closes within a field: write quotes inside quotes twice, or drop them"
        )

    def _width(self, fields: list[str]) -> Refusal:
        found = f"{len(fields)} fields, expected {len(self._names)} as in the header"
        if len(fields) < len(self._names):
            return Refusal(
                Code.BAD_ROW, f"{found}: column {self._name(len(fields))} and what follows is missing"
            )
        extra = shown(fields[len(self._names)])
        cure = "put fields that hold a comma in quotes, and write decimals with a point"
        if self._mapping.separator != ",":
            cure = f"put fields that hold {self._mapping.separator!r} in quotes"
        return Refusal(Code.BAD_ROW, f"{found}: {extra} is one too many; {cure}")

    def _name(self, at: int) -> str:
        return (self._names[at] or f"number {at + 1}") if at < len(self._names) else f"number {at + 1}"

    def _event(self, row: dict[str, str]) -> tuple[dict[str, Any], bytes]:
        """What is measured in a row, and its event. Raises Refusal."""
        mapping = self._mapping
        # The hash is over the fields as they came: a row is known again whatever is made of it.
        fields = [row.get(name, "") for name in COLUMNS]
        text = "\x1f".join(fields)
        if text.count("\x1f") != len(COLUMNS) - 1:
            text = repr(fields)  # where a field holds what parts them, another row could look the same
        for column in FILLED:
            if absent(row[column]):
                raise _needed(column, mapping.called(column), row[column])
        data: dict[str, Any] = {"operator": mapping.word("operator", row["operator"]), "accuracy_m": 0}
        for column, name in _NUMBERS:
            value = row.get(column, "")
            if absent(value):
                continue
            number = mapping.number(column, value)
            if number is None:
                expected = f"expected {_EXAMPLES[column]}"
                if mapping.decimal == ",":
                    expected += ", with the decimal comma that the mapping states"
                raise Refusal(
                    Code.BAD_FIELD,
                    f"column {mapping.called(column)}: {shown(value)} is no number, {expected}",
                )
            data[name] = number
        for column, name in _TEXTS:
            value = row.get(column, "")
            if not absent(value):
                data[name] = mapping.word(column, value) if mapping.translate else value
        indoor = mapping.word("indoor", row.get("indoor", "")).lower()
        if not absent(indoor):
            if indoor not in INDOOR:
                raise Refusal(
                    Code.BAD_FIELD,
                    f"column {mapping.called('indoor')}: {shown(row['indoor'])}, "
                    "expected 1, 0, true or false",
                )
            data["indoor"] = INDOOR[indoor]
        return data, msgspec.json.encode(
            {
                "specversion": "1.0",
                "id": blake2b(text.encode(), digest_size=16).hexdigest(),
                "source": row["source"].strip(),
                "type": "ioc.sample",
                "subject": row["device_hash"].strip(),
                "time": mapping.instant(row["ts"]),
                "data": data,
            }
        )


def _is_plain(line: bytes) -> bool:
    """Whether columns of it begin at every separator and nowhere else."""
    return b'"' not in line and b"\0" not in line and line.isascii()


def _read(lines: Iterable[str], mapping: Columns) -> Iterator[list[str]]:
    """Rows of text. Raises csv.Error."""
    return csv.reader(lines, strict=True, delimiter=mapping.separator)


def _needed(column: str, called: str, value: str) -> Refusal:
    found = f"{shown(value)} is no value" if value.strip() else "is empty"
    return Refusal(Code.MISSING_FIELD, f"column {called}: {found}, expected {_EXAMPLES[column]}")
