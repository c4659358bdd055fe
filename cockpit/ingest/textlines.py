"""Files read line by line within bounds: plain or gzip, whatever their line ends.

Lines are counted as an editor counts them: from 1, blank ones too, at `\\n`, `\\r\\n` and a lone `\\r`. No
more than a line of the limit is ever held, however much a small file inflates to.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from cockpit.ingest.codes import Code, Refusal
from cockpit.ingest.inflate import LIMIT

LINE_LIMIT = LIMIT
"""Bytes of a line: as many as a body of the door may have."""

_CHUNK = 64 * 1024
_ENDS = (b"\n", b"\r")
_GZIP = b"\x1f\x8b"

Item = tuple[int, bytes | Refusal]
"""A line with its number, or the reason why there is none."""


class FileError(ValueError):
    """A file that cannot be read as what it should be; the message says where and what is expected."""


class CutOff(FileError):
    """A gzip file that was not closed."""


class TextFile:
    """A file that is being read. `position` is how many of its bytes have been."""

    def __init__(self, raw: IO[bytes], *, zipped: bool) -> None:
        self._raw = raw
        self._zipped = zipped
        self.position = 0

    def read(self, size: int = -1) -> bytes:
        """Bytes of the file as they stand there."""
        data = self._raw.read(size)
        self.position += len(data)
        return data

    def chunks(self) -> Iterator[bytes]:
        """What the file holds, inflated, without a byte order mark. Raises FileError where it is damaged."""
        first = True
        for chunk in self._inflated():
            if first:
                _expect_text(chunk)
                chunk = chunk.removeprefix(b"\xef\xbb\xbf")
                first = False
            if chunk:
                yield chunk

    def lines(self, limit: int = LINE_LIMIT) -> Iterator[Item]:
        """Lines with their ends. One of more than `limit` bytes is a Refusal and was not held in memory.
        Raises FileError, with the number of the line, where the file is damaged."""
        number, held, size = 1, list[bytes](), 0  # of a line that has not ended yet: its pieces, its bytes
        chunks = self._between_ends()
        while True:
            try:
                chunk = next(chunks, None)
            except FileError as error:
                raise type(error)(f"line {number}: {error}") from None
            if chunk is None:
                break
            pieces = chunk.splitlines(keepends=True)
            rest = b"" if pieces[-1].endswith(_ENDS) else pieces.pop()
            if size and pieces:
                held.append(pieces.pop(0))
                yield number, _whole(held, size + len(held[-1]), limit)
                number, held, size = number + 1, [], 0
            for piece in pieces:
                yield number, piece
                number += 1
            if rest:
                size += len(rest)
                held = [*held, rest] if size <= limit else []
        if size:
            yield number, _whole(held, size, limit)

    def _between_ends(self) -> Iterator[bytes]:
        """Chunks that never part a `\\r` from its `\\n`."""
        waiting = b""
        for chunk in self.chunks():
            chunk, waiting = waiting + chunk, b""
            if chunk.endswith(b"\r"):
                chunk, waiting = chunk[:-1], b"\r"
            if chunk:
                yield chunk
        if waiting:
            yield waiting

    def _inflated(self) -> Iterator[bytes]:
        source: Any = gzip.GzipFile(fileobj=self, mode="rb") if self._zipped else self  # type: ignore[call-overload]
        try:
            # One inflating step at a time: what came before a damage is given out before it is seen.
            while chunk := source.read1(_CHUNK) if self._zipped else self.read(_CHUNK):
                yield chunk
        except EOFError:
            raise CutOff("the gzip data end early: the file was cut off") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise FileError(f"the gzip data are damaged: {error}") from None
        except OSError as error:
            raise FileError(f"cannot be read: {error.strerror or error}") from None


@contextmanager
def opened(path: Path) -> Iterator[TextFile]:
    """A file to be read; inflated if its name ends in .gz or its content is gzip. Raises OSError."""
    with path.open("rb") as raw:
        yield TextFile(raw, zipped=path.suffix.lower() == ".gz" or raw.peek(2)[:2] == _GZIP)


def whole(path: Path, limit: int) -> bytes:
    """All of a file, if that is no more than `limit` bytes after inflating. Raises FileError, OSError."""
    parts, size = [], 0
    with opened(path) as file:
        for chunk in file.chunks():
            size += len(chunk)
            if size > limit:
                raise FileError(f"holds more than {limit // 2**20} MiB, expected at most that")
            parts.append(chunk)
    return b"".join(parts)


def _whole(pieces: list[bytes], size: int, limit: int) -> bytes | Refusal:
    if size > limit:
        return Refusal(
            Code.LINE_TOO_LONG, f"the line has {size} bytes, expected at most {limit}; it was left out"
        )
    return b"".join(pieces)


def _expect_text(start: bytes) -> None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:4]:
        raise FileError("found UTF-16 or no text at all, expected text in UTF-8: save the file as UTF-8")
    if start.startswith(b"PK\x03\x04"):
        raise FileError(
            "found a workbook or a zip archive, expected text: save the sheet as CSV in UTF-8, or unpack it"
        )
