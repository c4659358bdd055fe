"""What one connection may cost, and how many there may be. All of it is in docs/limits.md."""

from __future__ import annotations

import contextlib
import resource

HEAD_BYTES = 64 * 1024
"""Request line and headers together; the same again for trailers, or for the frame around one chunk."""
HEAD_S = 10.0
"""From the first byte of a request to the end of its headers."""
HEADERS = 200
"""Headers of one request, trailers among them."""
FRAME_BYTES = 4 * 1024 * 1024
"""Everything of a chunked body that is no body: a chunk of one byte costs six."""
PIPELINED = 32
"""Requests of one connection that wait for the answers to those before."""
IDLE_S = 15.0
"""A connection on which nothing is under way, or whose sender or reader has stopped in the middle."""
BODY_S = 120.0
"""How long a body may take to arrive in full."""
DRAIN_BYTES = 64 * 1024 * 1024
DRAIN_S = 20.0
DRAIN_IDLE_S = 5.0
"""What is still read of a request that is answered already: its sender reads the answer only when it has
sent everything. So much, for so long, and no longer than this after the last byte."""
WATCH_S = 1.0
"""How often a connection is looked at."""

CONNECTIONS = 2000
"""At once, at most; fewer where the system gives a process few files."""
FILES = 8192
"""Open files this process asks the system for, if it may."""
LOOP_FILES = 3
"""Files of an event loop, of which Streamlit makes one for each viewer."""
LEFT_BEHIND = 128
"""Viewers whose connection is gone and whom Streamlit still keeps, at most."""
OWN_FILES = 64
"""Database, log, standard files, with room for readers."""
REFUSED_AT_ONCE = 64
"""Connections beyond the limit that are told so; further ones are closed without a word."""
NEARLY = 0.8
"""Share of the limit from which on the log says so."""


def raise_files() -> int:
    """Ask for more open files where that is allowed. Returns how many there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILES if soft == resource.RLIM_INFINITY else soft


def connections(files: int, *, pages: bool) -> int:
    """How many connections there may be where a process may open so many files.

    Without pages half of them: the rest is for the database, its readers, and whoever is only being refused.
    Each viewer of pages has a websocket and, from Streamlit, an event loop of three files more; so have those
    who left a moment ago.
    """
    room = (files - LEFT_BEHIND * LOOP_FILES - OWN_FILES) // (1 + LOOP_FILES) if pages else files // 2
    return max(16, min(CONNECTIONS, room))
