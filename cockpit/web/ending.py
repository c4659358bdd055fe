"""The end of a process that serves: within `END_S` of the first SIGINT or SIGTERM it is gone, and its
children with it, whatever its clients, its threads and its disk are doing. What was answered is on disk then.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import psutil
import uvicorn

from cockpit import signals

log = logging.getLogger("cockpit")

PROMISE_S = 5.0
"""All processes are gone so long after they were asked to."""
END_S = 4.5
"""After this a process ends as it stands: a restart finds everything that was answered."""
GRACE_S = 0.8
"""How long requests under way may take to be answered, and again to see that nobody listens any more."""
LOOK_S = 0.05
CUT = "not all has ended within %g s: the process ends as it stands; what was answered is on disk"


class Ending:
    """What is done when the process is asked to end. On the event loop, but for the watch."""

    def __init__(self, give_up: Callable[[], None], server: uvicorn.Server) -> None:
        """`give_up` ends whatever is being set up, and lets nobody in any more."""
        self._give_up = give_up
        self._server = server
        self._begun = False
        self._closing: asyncio.Task[None] | None = None

    def asked(self, number: int) -> None:
        """A signal has come. The second ends the process at once."""
        if self._begun:
            leave(number)
        self._server.handle_exit(number, None)
        self.begin(number)

    def begin(self, number: int) -> None:
        self._begun = True
        calm()
        threading.Thread(target=self._watch, args=(number,), name="end", daemon=True).start()
        self._closing = asyncio.get_running_loop().create_task(self._close())
        threading.Thread(target=self._give_up, name="give up", daemon=True).start()

    def _watch(self, number: int) -> None:
        time.sleep(END_S)
        # Whoever reads the log may have stopped reading: nobody waits for that.
        threading.Thread(target=log.warning, args=(CUT, END_S), daemon=True).start()
        time.sleep(LOOK_S)
        leave(number)

    async def _close(self) -> None:
        """Let requests end; then hang up on who sends or takes too slowly, and wait for none that works."""
        state = self._server.server_state
        await _until(lambda: not state.tasks)
        for connection in list(state.connections):
            hang_up(connection.transport)
        await _until(lambda: not state.tasks)
        state.tasks.clear()


def calm() -> None:
    """From now on what goes wrong is told in one line: requests and threads that are cut off in the middle
    say so each in its own way, and none of it is a fault to be looked for."""
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    handlers = {h for found in loggers if isinstance(found, logging.Logger) for h in found.handlers}
    for handler in handlers | {logging.lastResort}:
        if handler is not None:
            handler.addFilter(_in_one_line)
    threading.excepthook = lambda args: log.info("cut off by the end: %s", args.thread)


def _in_one_line(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        record.msg = f"cut off by the end: {record.getMessage().strip()}: {type(error).__name__}: {error}"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def hang_up(transport: asyncio.BaseTransport) -> None:
    """Whoever waits for the other side learns that nobody is there any more, by the way of all lost
    connections: a transport that is closed beneath a handler that writes is told at length."""
    found = transport.get_extra_info("socket")
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(found.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


async def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + GRACE_S
    while not done() and time.monotonic() < end:
        await asyncio.sleep(LOOK_S)


def arm(give_up: Callable[[], None]) -> bool:
    """Take over SIGINT and SIGTERM from the server that runs on this event loop. False where none does."""
    if threading.current_thread() is not threading.main_thread():
        return False
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if not isinstance(server, uvicorn.Server):
        return False
    ending = Ending(give_up, server)
    loop = asyncio.get_running_loop()
    for one in signals.ENDS:
        loop.add_signal_handler(one, ending.asked, one)
    if server.should_exit:  # asked while all was being loaded
        ending.begin(signal.SIGTERM)
    return True


def leave(number: int) -> None:
    """End this process and all below it, now."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    os._exit(128 + number)
