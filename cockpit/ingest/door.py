"""The door: a body comes in, is checked, is stored, and is answered after the commit is on disk."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cockpit.clock import Clock
from cockpit.ingest.answers import Accepted, Error, Problem, Rejected
from cockpit.ingest.binary import structured
from cockpit.ingest.codes import Code, Refusal
from cockpit.ingest.counters import Counters
from cockpit.ingest.decode import MAX_EVENTS, TYPE_EVENT, TooMany, UnsupportedType, rows, slices
from cockpit.ingest.events import Event
from cockpit.ingest.explain import explain
from cockpit.ingest.inflate import LIMIT, BadEncoding, TooLarge, inflate
from cockpit.ingest.split import NotJson
from cockpit.ingest.tables import Catalogue, SourceRow, Tables
from cockpit.ingest.validate import ForeignSource, Validator
from cockpit.store import Batch, Outcome, QueueFull, Store, StoreError

log = logging.getLogger(__name__)

INLINE = 16 * 1024
"""Bodies up to this size are parsed where they arrive: a switch of threads costs more than they do."""
MAX_PENDING = 64 * 1024 * 1024
"""Bytes of bodies at work at once, before more are asked to come back."""
ACCEPT_S = 30.0


@dataclass(slots=True, frozen=True)
class Answer:
    """An HTTP answer: what becomes its JSON, with its status and headers."""

    status: int
    payload: Accepted | Error
    headers: dict[str, str] = field(default_factory=dict)


def problem(status: int, code: str, reason: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An error in the one shape all errors have."""
    return Answer(status, Error(Problem(code, reason)), dict(headers or {}))


_Parsed = list[Batch] | Answer


class _Dicts:
    """Events of a caller in this process, as bytes where they are refused."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self._events = events

    def payload(self, i: int) -> bytes:
        return msgspec.json.encode(self._events[i])


class Door:
    """Checks events against the catalogue and hands them to the store. Safe to use from any thread."""

    def __init__(self, store: Store, profile: Catalogue, clock: Clock, *, simulated: bool) -> None:
        self._store = store
        self.tables = Tables(profile)
        self._validator = Validator(self.tables, clock, simulated=simulated)
        self._clock = clock
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="door")
        self._lock = threading.Lock()
        self._pending = 0
        self.counters = Counters({s.id: s.code for s in self.tables.sources.values()})
        if store.writable:
            store.subscribe(self.counters.committed)

    async def post(
        self,
        body: bytes,
        *,
        encoding: str = "",
        content_type: str,
        allowed_sources: frozenset[str],
        attributes: Mapping[str, str] | None = None,
    ) -> Answer:
        """Take a body and answer it. Parsing leaves the event loop unless the body is small.

        `attributes`: those of the event whose data the body is, in the binary content mode."""
        if not self._enter(len(body)):
            return _come_back(1.0)
        try:
            if len(body) <= INLINE and not encoding:
                parsed = self.parse(body, encoding, content_type, allowed_sources, attributes)
                if isinstance(parsed, Answer):
                    return parsed
                outcomes = [await asyncio.wrap_future(f) for f in self._append(parsed)]
            else:
                whole = body, encoding, content_type, allowed_sources, attributes
                parsed, outcomes = await self._elsewhere(lambda: self.parse(*whole))
                if isinstance(parsed, Answer):
                    return parsed
        except QueueFull as full:
            return _come_back(full.retry_after_s)
        except StoreError as error:
            return problem(503, error.code, f"nothing was promised: {error}", {"Retry-After": "5"})
        finally:
            self._leave(len(body))
        return self._answer(parsed, outcomes)

    def parse(
        self,
        body: bytes,
        encoding: str,
        content_type: str,
        allowed: frozenset[str] | None,
        attributes: Mapping[str, str] | None = None,
    ) -> list[Batch] | Answer:
        """The batches of a body, or the answer that refuses the whole."""
        try:
            plain = inflate(body, encoding)
            if attributes is not None:
                plain, content_type = structured(attributes, plain, content_type), TYPE_EVENT
            fallback = self._only(allowed)
            batches = [
                self._validator.check(s.items, allowed, s, first=s.first, fallback_source=fallback)
                for s in slices(plain, content_type)
            ]
        except TooLarge:
            return problem(
                413, "too_large", f"the body is larger than {LIMIT} bytes, counted after inflating"
            )
        except TooMany:
            return problem(413, "too_many", f"the body holds more than {MAX_EVENTS} events")
        except BadEncoding as error:
            return problem(415 if error.unsupported else 400, "bad_encoding", str(error))
        except UnsupportedType as error:
            return problem(415, "bad_content_type", f"Content-Type {content_type[:60]!r}: expected {error}")
        except NotJson as error:
            return problem(400, "not_json", f"the body is no JSON: {error}")
        except ForeignSource as error:
            return problem(
                403,
                "foreign_source",
                f"the token does not cover source {str(error)[:60]!r}; nothing was stored",
            )
        for batch in batches:
            batch.size = len(plain) // len(batches)
        return batches

    def check(self, lines: Iterable[bytes], allowed: frozenset[str] | None = None) -> Batch:
        """The batch of up to 1,000 lines of a file. Raises ForeignSource."""
        slice_ = rows(list(lines))
        return self._validator.check(slice_.items, allowed, slice_)

    def now(self, source: SourceRow) -> int:
        """The clock of a source, in ms: what it sends is received at this time."""
        return self._clock.domain_ms() if source.domain else self._clock.real_ms()

    def append(self, batch: Batch) -> Future[Outcome]:
        """Hand a checked batch to the store; counted when it is committed. Raises QueueFull, StoreError."""
        future = self._store.append(batch)
        future.add_done_callback(lambda f: self._count(batch, f))
        return future

    def accept(self, source_code: str, events: list[dict[str, Any]]) -> Outcome:
        """Store events of an agent in this process and wait for the commit. Raises StoreError."""
        items: list[Event | Refusal] = []
        for e in events:
            try:
                items.append(msgspec.convert(e, Event))
            except (msgspec.ValidationError, RecursionError) as error:
                items.append(explain(str(error), e))
        source = self.tables.sources[source_code]
        batch = self._validator.check(items, {source_code}, _Dicts(events), fallback_source=source.id)
        for refused in batch.refused:
            log.warning("an event of %s was refused: %s", source_code, refused.reason)
        try:
            return self.append(batch).result(ACCEPT_S)
        except FutureTimeout:
            raise StoreError("locked", f"no commit within {ACCEPT_S:g} s") from None

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _only(self, allowed: frozenset[str] | None) -> int:
        if allowed is None or len(allowed) != 1:
            return 0
        source = self.tables.sources.get(next(iter(allowed)))
        return source.id if source else 0

    async def _elsewhere(self, parse: Callable[[], _Parsed]) -> tuple[_Parsed, list[Outcome]]:
        """Parse and append on a thread of the pool. The event loop hears of it once, when all is stored: each
        switch of threads would wait for whoever computes. Raises what `parse` and the store raise."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[tuple[_Parsed, list[Outcome]]] = loop.create_future()

        def tell(parsed: _Parsed, futures: list[Future[Outcome]], error: BaseException | None = None) -> None:
            def settle() -> None:
                if told.done():
                    return  # who asked has gone
                try:
                    if error is not None:
                        raise error
                    told.set_result((parsed, [f.result() for f in futures]))
                except BaseException as raised:
                    told.set_exception(raised)

            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(settle)

        def work() -> None:
            try:
                parsed = parse()
                futures = [] if isinstance(parsed, Answer) else self._append(parsed)
            except BaseException as error:
                tell([], [], error)
                return
            left = itertools.count(len(futures) - 1, -1)  # counts in one step, whichever thread asks

            def one(_: Future[Outcome]) -> None:
                if next(left) == 0:
                    tell(parsed, futures)

            for future in futures:
                future.add_done_callback(one)
            if not futures:
                tell(parsed, futures)

        def gone(job: Future[None]) -> None:
            if job.cancelled():  # it waited for a thread when the door was closed
                tell([], [], StoreError("closed", "the cockpit is stopping"))

        self._pool.submit(work).add_done_callback(gone)
        return await told

    def _append(self, batches: list[Batch]) -> list[Future[Outcome]]:
        return [self.append(b) for b in batches if len(b) or b.refused]

    def _count(self, batch: Batch, future: Future[Outcome]) -> None:
        if not future.cancelled() and future.exception() is None:
            self.counters.answered(batch, future.result())

    def _enter(self, size: int) -> bool:
        with self._lock:
            if self._pending and self._pending + size > MAX_PENDING:
                return False
            self._pending += size
            return True

    def _leave(self, size: int) -> None:
        with self._lock:
            self._pending -= size

    @staticmethod
    def _answer(batches: list[Batch], outcomes: list[Outcome]) -> Answer:
        rejected = [Rejected(r.index, r.id, Code(r.code), r.reason) for b in batches for r in b.refused]
        accepted, duplicates = sum(o.accepted for o in outcomes), sum(o.duplicates for o in outcomes)
        return Answer(202, Accepted(accepted, duplicates, rejected))


def _come_back(after_s: float) -> Answer:
    wait = max(1, math.ceil(after_s))
    return problem(429, "queue_full", f"more is waiting than can be written: try again in {wait} s",
                   {"Retry-After": str(wait)})  # fmt: skip
