"""A viewer without a browser: speaks the pages' websocket protocol and refreshes as a browser does.

A page is opened by a rerun request with its name. Fragments that refresh by themselves announce
themselves in `auto_rerun` messages with an id and an interval; a browser then asks for each of them
with a timer of its own. A run is over when `script_finished` arrives.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from cockpit.ui.words import WORDS

RUN_TIMEOUT_S = 30.0
FAILED = tuple(words["ui.panel_failed"].encode() for words in WORDS.values())
"""What a page shows in the place of a panel that raised an exception."""

PULSE = "/api/v1/pulse"


class ViewerError(Exception):
    """The server did not do what a page needs: the message says what was asked and what came."""


@dataclass(slots=True)
class Run:
    """One run of a script or of a fragment, as its viewer saw it."""

    seconds: float
    bytes: int
    elements: int
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Cached:
    """Hashes of large messages the viewer holds, each with the full run that brought it."""

    run: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def keep(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable and message.hash:
            self.seen[message.hash] = self.run

    def hashes(self) -> list[str]:
        """A browser forgets what two full runs in a row did not use."""
        self.seen = {key: run for key, run in self.seen.items() if self.run - run <= 2}
        return list(self.seen)


class Viewer:
    """One open tab. Use as an async context manager."""

    def __init__(self, address: str, *, query: str = "") -> None:
        """`address` as `http://127.0.0.1:8501`; `query` is the part of the page's address after `?`."""
        self._address = address
        self._query = query
        self._page_name = ""
        self._page_hash = ""
        self._cached = _Cached()
        self._socket: ClientConnection | None = None
        self.fragments: dict[str, float] = {}
        """Ids of the fragments that refresh by themselves, with their interval in seconds."""

    async def __aenter__(self) -> Self:
        self._socket = await connect(
            f"ws{self._address.removeprefix('http')}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item] # a NewType of str
            origin=self._address,  # type: ignore[arg-type] # a NewType of str
            max_size=None,
            compression=None,
            proxy=None,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self, page: str) -> Run:
        """Go to a page by its name in the address, "" for the first one."""
        self._page_name, self._page_hash = page, ""
        return await self._run(fragment="")

    async def rerun(self) -> Run:
        """Run the whole script of the open page again."""
        return await self._run(fragment="")

    async def refresh(self, fragment: str) -> Run:
        """Run one of `fragments` again."""
        return await self._run(fragment=fragment)

    async def refresh_all(self) -> Run:
        """Run every fragment of the page once, one after the other, as one figure."""
        total = Run(0.0, 0, 0)
        for fragment in list(self.fragments):
            run = await self.refresh(fragment)
            total.seconds += run.seconds
            total.bytes += run.bytes
            total.elements += run.elements
            total.errors += run.errors
        return total

    async def _run(self, *, fragment: str) -> Run:
        if self._socket is None:
            raise ViewerError("the viewer is not connected")
        request = BackMsg()
        state = request.rerun_script
        state.query_string = self._query
        state.page_name = self._page_name
        state.page_script_hash = self._page_hash
        state.fragment_id = fragment
        state.is_auto_rerun = bool(fragment)
        state.cached_message_hashes.extend(self._cached.hashes())
        state.context_info.locale = "vi-VN"
        state.context_info.timezone = "Asia/Ho_Chi_Minh"
        state.context_info.timezone_offset = -420
        state.context_info.url = f"{self._address}/{self._page_name}"
        state.context_info.color_scheme = "light"
        if not fragment:
            self.fragments = {}
            self._cached.run += 1
        begun = time.perf_counter()
        await self._socket.send(request.SerializeToString())
        run = Run(0.0, 0, 0)
        try:
            async with asyncio.timeout(RUN_TIMEOUT_S):
                await self._until_finished(run, fragment)
        except TimeoutError:
            what = f"a refresh of {fragment}" if fragment else f"page {self._page_name!r}"
            raise ViewerError(f"{what} did not finish in {RUN_TIMEOUT_S:.0f} s") from None
        run.seconds = time.perf_counter() - begun
        return run

    async def _until_finished(self, run: Run, fragment: str) -> None:
        assert self._socket is not None  # noqa: S101 - checked by the caller
        while True:
            payload = await self._socket.recv()
            if isinstance(payload, str):
                raise ViewerError("a text frame came where the protocol has only binary ones")
            run.bytes += len(payload)
            if any(text in payload for text in FAILED):
                run.errors.append("a panel failed")
            message = ForwardMsg()
            message.ParseFromString(payload)
            self._cached.keep(message)
            if self._finished(message, run, fragment):
                return

    def _finished(self, message: ForwardMsg, run: Run, fragment: str) -> bool:
        kind = message.WhichOneof("type")
        if kind == "delta":
            run.elements += 1
            element = message.delta.new_element
            if (
                message.delta.WhichOneof("type") == "new_element"
                and element.WhichOneof("type") == "exception"
            ):
                run.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "auto_rerun":
            self.fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for gone in message.stop_auto_rerun.fragment_ids:
                self.fragments.pop(gone, None)
        elif kind == "new_session" and not fragment:
            self._page_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_not_found":
            run.errors.append(f"page not found: {message.page_not_found.page_name}")
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                run.errors.append("the script could not be compiled")
                return True
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                # A fragment has asked for a whole run, which tells all fragments anew and ends in its place.
                self.fragments = {}
            ends = {ForwardMsg.FINISHED_SUCCESSFULLY}
            if fragment:
                ends.add(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
            return message.script_finished in ends
        return False


async def poll(address: str, path: str, *, every_s: float) -> None:
    """Ask for a small thing again and again on one connection, as the live badge of a tab does."""
    host, _, port = address.removeprefix("http://").partition(":")
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        while True:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in head if line.startswith("content-length:"))
            await reader.readexactly(length)
            await asyncio.sleep(every_s)
    finally:
        writer.close()


async def watch(
    address: str, page: str, *, seconds: float, every_s: float, offset_s: float, latencies: list[float]
) -> list[str]:
    """One viewer that keeps a page open for a time; appends each refresh's seconds to `latencies`.

    A refresh that comes late does not push the next ones: the timer of a browser does not wait either.
    Returns the errors the page showed.
    """
    errors: list[str] = []
    begun = time.monotonic() + offset_s
    end = begun + seconds
    tick = 0
    async with Viewer(address) as viewer:
        errors += (await viewer.open(page)).errors
        while (at := begun + tick * every_s) < end:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            for fragment in list(viewer.fragments):
                if fragment not in viewer.fragments:
                    continue  # the run before was a whole one
                run = await viewer.refresh(fragment)
                latencies.append(run.seconds)
                errors += run.errors
            tick = max(tick + 1, int((time.monotonic() - begun) / every_s))
    return errors


async def watch_together(
    address: str, pages: Iterable[str], *, viewers: int, seconds: float, every_s: float
) -> tuple[list[float], list[str]]:
    """Many viewers, spread over the pages and over the interval. Returns latencies in seconds, and errors."""
    names = list(pages)
    latencies: list[float] = []
    waits = (
        watch(
            address,
            names[i % len(names)],
            seconds=seconds,
            every_s=every_s,
            offset_s=i * every_s / viewers,
            latencies=latencies,
        )
        for i in range(viewers)
    )
    badges = [asyncio.create_task(poll(address, PULSE, every_s=every_s)) for _ in range(viewers)]
    try:
        errors = [error for found in await asyncio.gather(*waits) for error in found]
        errors += [f"{PULSE}: {task.exception()!r}" for task in badges if task.done()]
    finally:
        for task in badges:
            task.cancel()
    return latencies, errors
