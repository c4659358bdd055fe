"""Rows of a CSV as columns, many at once: what is written plainly, as nearly all rows are.

Nothing is decided here about any other row: `measurements` reads it by itself and says what is wrong with it.
Whatever is taken here reads there to the same event, which the tests hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from cockpit.domain.instants import parse_many
from cockpit.ingest.absence import WORDS
from cockpit.store.batch import Flags, Floats, Ints

T = TypeVar("T")

LONGEST = 64
"""Characters of a number, beyond which it is read by itself."""
_LARGEST = 1e9
"""Numbers from here on may be what phones write where they know nothing."""
_PLAIN = np.zeros(256, np.bool_)
_PLAIN[np.frombuffer(b"0123456789.-", np.uint8)] = True
_NUMBER = r"^-?[0-9]{1,9}(\.[0-9]{1,15})?$"
_SPELLED = pa.array(sorted({s for word in WORDS for s in (word, word.upper(), word.title(), "NaN")}))


@dataclass(slots=True)
class Texts:
    """A column of few different texts: `names` of them and the number of each row's."""

    names: list[str]
    number: Ints

    def each(self, told: Callable[[str], T]) -> list[T]:
        """What a function says of the different ones."""
        return [told(name) for name in self.names]

    def where(self, told: Sequence[bool]) -> Flags:
        """The rows whose text is one of which this was said."""
        return np.array(told, np.bool_)[self.number]


class Sheet:
    """Columns of rows that all have as many fields as the header, no quotes and nothing but ASCII."""

    def __init__(
        self,
        rows: Sequence[bytes],
        at: Mapping[str, int],
        values: Mapping[str, str],
        width: int,
        separator: str,
    ) -> None:
        """`at`: by column of ours, the field it is in; `values`: what columns hold that the rows lack. Raises
        ValueError where the rows cannot be cut."""
        names = [str(n) for n in range(width)]
        self._n = len(rows)
        wanted = {column: names[n] for column, n in at.items()}
        table = csv.read_csv(
            pa.BufferReader(b"".join(rows)),
            csv.ReadOptions(column_names=names, block_size=1 << 30, use_threads=False),
            csv.ParseOptions(delimiter=separator, quote_char=False, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=list(wanted.values()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        if table.num_rows != self._n:
            raise ValueError("lines are no rows")
        self._columns: dict[str, Any] = {c: _whole(table.column(name)) for c, name in wanted.items()}
        self._columns |= {c: pa.array([value] * self._n) for c, value in values.items()}

    def __len__(self) -> int:
        return self._n

    def texts(self, column: str, default: str = "") -> Texts:
        """A column of texts; one that the sheet lacks is empty."""
        found = self._columns.get(column)
        if found is None:
            return Texts([default], np.zeros(self._n, np.int64))
        coded = pc.dictionary_encode(found)
        return Texts(coded.dictionary.to_pylist(), _numbers(coded.indices).astype(np.int64))

    def numbers(self, column: str) -> tuple[Floats, Flags]:
        """A column of numbers, NaN where there is none, and where that is sure."""
        found = self._columns.get(column)
        if found is None:
            return np.full(self._n, np.nan), np.ones(self._n, np.bool_)
        value = _at_once(found)
        if value is None:
            none = pc.is_in(found, value_set=_SPELLED)
            good = pc.match_substring_regex(found, _NUMBER)
            value = _numbers(pc.cast(pc.if_else(good, found, "nan"), pa.float64()))
            sure = _flags(pc.or_(none, good))
        else:
            sure = np.ones(self._n, np.bool_)
        return value, sure & ~(np.abs(value) >= _LARGEST)

    def instants(self, column: str) -> tuple[Ints, Flags]:
        """A column of times in ms since the epoch, and where that is sure."""
        found = self._columns[column]
        length = _numbers(pc.binary_length(found))
        found_ms, sure = np.zeros(self._n, np.int64), np.zeros(self._n, np.bool_)
        for size in np.unique(length).tolist():
            at = np.flatnonzero(length == size)
            same = found if len(at) == self._n else found.take(pa.array(at))
            written = _data(same).reshape(len(at), size)
            found_ms[at], sure[at] = parse_many(written)
        return found_ms, sure

    def digests(self, columns: Sequence[str], rows: Ints, parted: str) -> list[str]:
        """By row, 16 bytes of BLAKE2b of its columns, parted by a sign, as hexadecimal text."""
        parts = [self._columns.get(c, pa.scalar("")) for c in columns]
        if len(rows) != self._n:
            some = pa.array(rows)
            parts = [p if isinstance(p, pa.Scalar) else p.take(some) for p in parts]
        text = _whole(pc.binary_join_element_wise(*parts, parted))
        data = _data(text).tobytes()
        ends = (_offsets(text) - _offsets(text)[0]).tolist()
        return [blake2b(data[a:b], digest_size=16).hexdigest() for a, b in pairwise(ends)]


def _at_once(found: Any) -> Floats | None:
    """Numbers, all of them plain or empty; None where one is not."""
    if not _PLAIN[_data(found)].all():
        return None
    length = pc.binary_length(found)
    if len(found) and pc.max(length).as_py() > LONGEST:
        return None
    try:
        filled = pc.if_else(pc.equal(length, 0), None, found)
        value: Floats = _numbers(pc.fill_null(pc.cast(filled, pa.float64()), float("nan")))
    except pa.ArrowInvalid:
        return None
    return value


def _whole(found: Any) -> Any:
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _numbers(found: Any) -> Any:
    return found.to_numpy(zero_copy_only=False)


def _flags(found: Any) -> Flags:
    flags: Flags = found.to_numpy(zero_copy_only=False).astype(np.bool_)
    return flags


def _offsets(found: Any) -> Ints:
    """Where texts begin in their bytes, and where the last one ends."""
    every = np.frombuffer(found.buffers()[1], np.int32)
    return every[found.offset : found.offset + len(found) + 1].astype(np.int64)


def _data(found: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The bytes of texts, one after the other."""
    if not len(found):
        return np.empty(0, np.uint8)
    ends = _offsets(found)
    held = found.buffers()[2]
    return np.frombuffer(held if held is not None else b"", np.uint8)[ends[0] : ends[-1]]
