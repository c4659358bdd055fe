"""What comes over the wire, written down as it came: lines of JSON that can be played again.

The first line tells what was recorded; then each body as text, or in base64 where it is none, with its
headers but without its token; between them how far everything had been sent (`watermark`). A recording
ends where domain time leaps, because what fills a leap does not come over the wire.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cockpit.config import Config
from cockpit.domain.instants import iso
from cockpit.ingest.codes import Refusal
from cockpit.ingest.inflate import LIMIT
from cockpit.ingest.textlines import CutOff, FileError, opened
from cockpit.ingest.times import to_ms

log = logging.getLogger(__name__)

VERSION = 1
LINE_LIMIT = 8 * LIMIT
"""Bytes of a line: a body of the largest size, each byte of it written as six, and its headers."""
MAX_WAITING = 128 * 1024 * 1024
"""Bytes that wait for a reader before it is told that it is too slow."""


class TapeError(ValueError):
    """A recording that cannot be played; the message says where and what is expected."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """Any line. `at` is domain time, `real` real time, both ISO 8601; `source` where a token covered one
    alone."""

    tape: int = 0
    profile: str = ""
    size: str = ""
    seed: int = 0
    mode: str = ""
    start: str = ""
    at: str = ""
    real: str = ""
    type: str = ""
    encoding: str = ""
    source: str = ""
    text: str | None = None
    base64: str | None = None
    watermark: str = ""
    end: str = ""

    @property
    def body(self) -> bytes | None:
        if self.base64 is not None:
            return base64.b64decode(self.base64, validate=True)
        return None if self.text is None else self.text.encode()


def body_line(
    body: bytes, *, at_ms: int, real_ms: int, content_type: str, encoding: str, sources: frozenset[str]
) -> Line:
    """The line of a body, bit for bit."""
    (source,) = sources if len(sources) == 1 else ("",)
    text = None
    if not encoding:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            pass
    return Line(
        at=iso(at_ms), real=iso(real_ms), type=content_type, encoding=encoding, source=source, text=text,
        base64=None if text is not None else base64.b64encode(body).decode(),
    )  # fmt: skip


@dataclass(eq=False)
class _Reader:
    header: Line | None  # until it is sent
    loop: asyncio.AbstractEventLoop
    lines: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    waiting: int = 0

    def put(self, line: Line) -> None:
        data = msgspec.json.encode(line) + b"\n"
        self.waiting += len(data)
        self.lines.put_nowait(data)

    def finish(self, why: str) -> None:
        self.put(Line(end=why))
        self.lines.put_nowait(None)


class Recorder:
    """Hands what is taken to everybody who records, on the event loop."""

    def __init__(self) -> None:
        self._readers: list[_Reader] = []

    @property
    def on(self) -> bool:
        return bool(self._readers)

    async def record(self, header: Line, *, at_once: bool) -> AsyncIterator[bytes]:
        """Lines of a recording as they come. It begins with the next watermark, so that no span is cut in
        two, or `at_once` where nothing is on its way."""
        reader = _Reader(header, asyncio.get_running_loop())
        if at_once:
            reader.put(header)
            reader.header = None
        self._readers.append(reader)
        try:
            while (data := await reader.lines.get()) is not None:
                reader.waiting -= len(data)
                yield data
        finally:
            self._readers.remove(reader)

    def taken(self, line: Line) -> None:
        """A body was taken, and what it holds is on disk."""
        self._tell(line)

    def reached(self, watermark_ms: int) -> None:
        """Everything before this instant has been taken."""
        mark = iso(watermark_ms)
        for reader in self._readers:
            if reader.header is not None:
                reader.put(msgspec.structs.replace(reader.header, start=mark))
                reader.header = None
        self._tell(Line(watermark=mark))

    def leap(self, what: str) -> None:
        """Domain time leaps: every recording ends here. May be called from any thread."""
        for reader in list(self._readers):
            reader.loop.call_soon_threadsafe(reader.finish, what)

    def _tell(self, line: Line) -> None:
        for reader in self._readers:
            if reader.header is None:
                if reader.waiting > MAX_WAITING:
                    reader.finish("too_slow")
                else:
                    reader.put(line)


def read(path: Path) -> Iterator[Line]:
    """The lines of a recording; gzip if the name ends in .gz. A last line that was cut off is left out, a
    line that is longer than any body is told and left out. Raises TapeError, OSError."""
    decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
    with opened(path) as file:
        lines = file.lines(LINE_LIMIT)
        while True:
            try:
                number, text = next(lines)
            except (StopIteration, CutOff):  # a file that was not closed: what is there is good
                return
            except FileError as error:
                raise TapeError(f"{path}: {error}") from None
            if isinstance(text, Refusal):
                if number == 1:
                    raise TapeError(f"{path}: line 1: {text.reason}; expected a recording")
                log.warning("%s: line %d: %s", path, number, text.reason)
                continue
            if not text.endswith((b"\n", b"\r")):
                continue
            try:
                line = decoder.decode(text)
                _ = line.body  # what is no base64 is told here, where the line is known
            except (msgspec.DecodeError, RecursionError, ValueError) as error:
                found = "it is nested absurdly deep" if isinstance(error, RecursionError) else str(error)
                raise TapeError(f"{path}: line {number}: {found}; expected a line of a recording") from None
            if number == 1 and line.tape != VERSION:
                raise TapeError(f"{path}: line 1: expected a recording of version {VERSION}")
            yield line


def header(path: Path) -> Line:
    """What was recorded. Raises TapeError, OSError."""
    for line in read(path):
        if not line.start:
            raise TapeError(f"{path}: line 1: expected the instant it begins at")
        try:
            instant(line.start)
        except TapeError as error:
            raise TapeError(f"{path}: line 1: {error}") from None
        return line
    raise TapeError(f"{path}: is empty")


def instant(text: str) -> int:
    """Milliseconds of an instant of a recording. Raises TapeError."""
    try:
        return to_ms(text)
    except Refusal as refusal:
        raise TapeError(refusal.reason) from None


def header_line(config: Config, profile: str, start_ms: int, real_ms: int) -> Line:
    """The first line for a cockpit of these settings and the province of this code."""
    return Line(
        tape=VERSION, profile=profile, size=config.size, seed=config.seed, mode=config.mode,
        start=iso(start_ms), real=iso(real_ms),
    )  # fmt: skip
