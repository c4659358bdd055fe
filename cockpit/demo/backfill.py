"""The past of a new demo, from the simulator through the file door: what screens need at once before the
first of them is shown, the rest behind the pages; last of all the alerts that the rules find in it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

import msgspec

from cockpit.demo.gap_past import GapPast
from cockpit.demo.ground import Ground
from cockpit.demo.simulator_process import ChildEnded
from cockpit.domain.instants import iso
from cockpit.domain.periods import HOUR_MS
from cockpit.ingest.files import import_lines
from cockpit.progress import Stopped
from cockpit.store import StoreError, meta, reckoned
from cockpit.store.alerts import Alert
from cockpit.store.queries import loading

log = logging.getLogger(__name__)

RAW_HOURS = 1
"""Full hours of the past, besides the one begun, that a new demo holds as single observations."""


DETAIL_TRIES_S = (1.0, 4.0, 15.0, 60.0, 60.0)
"""Waits before the rest is tried again, behind the pages."""


_decoder = msgspec.json.Decoder(Alert)


class HistoryMissing(Exception):
    """The past of a new demo could not be brought in: what is wrong, and what to do."""


class Backfill:
    """Brings the past of one demo in, once; a start that was cut off goes on with it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._until: int | None = None
        self._alerts: int | None = None  # end of the past whose alerts are still to be found
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._cut_off: Callable[[], object] = lambda: None
        self.missing = False  # the rest was given up, until the next start

    def bring_core(self) -> None:
        """What screens need of the past, before the first of them is shown. Raises HistoryMissing and
        Stopped."""
        c = self._ground
        with c.store.read() as conn:
            # A start that was cut off goes on with the same past: its ids say what is stored already.
            known, core = meta.get(conn, "history"), meta.get(conn, "history_core")
            unfound = meta.get(conn, reckoned.KEY)
        self._alerts = int(unfound) if unfound and unfound != reckoned.DONE else None
        if known == "done":
            return self._put_back()
        until = int(known) if known else c.clock.domain_ms()
        if core != "done":
            begin = until // HOUR_MS * HOUR_MS - RAW_HOURS * HOUR_MS
            c.put(
                ("history", str(until)), ("domain_ms", str(max(until, c.clock.domain_ms()))),
                (reckoned.KEY, str(until)),
            )  # fmt: skip
            self._alerts = until
            c.put((loading.KEY, str(begin)))
            senders = sum(1 for a in c.profile.assets if a.rhythm_s)
            # An estimate, for the progress bar alone.
            c.progress.phase("history", 0, senders * c.config.history_days // 2)
            try:
                c.errands.again(
                    lambda: self._import("core", until, lambda done: c.progress.phase("history", done))
                )
                c.errands.again(GapPast(c, until).bring)
            except ChildEnded as error:
                raise HistoryMissing(
                    f"the past could not be brought in: {error}, again and again. "
                    "Start the cockpit once more: it goes on where it was; --history 0 does without a past"
                ) from None
            c.put(("history_core", "done"))
        self._until = until
        self._put_back()

    def _put_back(self) -> None:
        """After a way back all is known already."""
        if self._ground.found is not None and self._ground.found[0] == self._alerts:
            self._put_alerts()

    def bring_detail(self) -> None:
        """Begin with the rest, in a thread of its own, if there is any."""
        if self._until is not None or self._alerts is not None:
            self._thread = threading.Thread(target=self._rest, name="past", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Leave what is not in yet to the next start."""
        self._stop.set()
        self._cut_off()
        if self._thread is not None:
            self._thread.join(3)

    def _rest(self) -> None:
        if self._until is not None:
            self._detail(self._until)
        if self._alerts is not None and not self.missing and not self._stop.is_set():
            self._find(self._alerts)

    def _find(self, until: int) -> None:
        """The alerts of the past, found once; a way back to the start puts the same ones there again."""
        c = self._ground
        try:
            if c.found is None or c.found[0] != until:
                c.errands.again(lambda: self._reckon(until), DETAIL_TRIES_S)
            self._put_alerts()
        except Stopped:
            log.info("stopped before the alerts of the past were found; the next start finds them")
        except Exception as error:
            if not (self._stop.is_set() and isinstance(error, StoreError)):
                log.exception("the alerts of the past could not be found; the next start tries again")

    def _reckon(self, until: int) -> None:
        c = self._ground
        if self._stop.is_set():
            raise Stopped
        with c.errands.reckoned(c.path, until) as (lines, self._cut_off):
            found = tuple(lines)
        c.found = until, found

    def _put_alerts(self) -> None:
        """What was found, into the store."""
        c = self._ground
        found = [_decoder.decode(line) for line in c.found[1]] if c.found is not None else []
        for at in range(0, len(found), reckoned.AT_ONCE):
            part = found[at : at + reckoned.AT_ONCE]
            c.store.write(partial(reckoned.write, alerts=part)).result()
        c.store.write(reckoned.done).result()
        self._alerts = None

    def _detail(self, until: int) -> None:
        """It takes half of a core's time at most."""
        clock = self._ground.clock
        began = clock.monotonic()

        def progress(_: int) -> None:
            nonlocal began
            if self._stop.wait(clock.monotonic() - began):
                raise Stopped
            began = clock.monotonic()

        try:
            self._ground.errands.again(lambda: self._import("detail", until, progress), DETAIL_TRIES_S)
            self._ground.put((loading.KEY, ""), ("history", "done"))
        except Stopped:
            log.info("stopped before all of the past was in; the next start goes on with it")
        except ChildEnded as error:
            self.missing = True
            log.error(
                "the rest of the past is missing: %s, again and again; the next start tries again", error
            )
        except Exception as error:
            self.missing = True
            if not (self._stop.is_set() and isinstance(error, StoreError)):
                log.exception("the past could not be brought in; the next start tries again")

    def _import(self, part: str, until: int, progress: Callable[[int], None]) -> None:
        c = self._ground
        begun = [(s.code, iso(s.from_ms)) for s in c.run.scenarios() if s.from_ms < until]
        with c.errands.history(iso(until), part, begun) as lines:
            import_lines(c.door, lines, progress, past=True)
        c.store.flush()
