"""The log of what presenters did, as JSON lines: with the seed on its first line it repeats a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from cockpit.config import Config
from cockpit.demo.state import NAMES
from cockpit.domain.instants import iso
from cockpit.store import Store
from cockpit.store.handles import Read
from cockpit.store.queries import stage as rows

FOLDER = "stage-logs"
"""Where the data directory keeps the logs of runs that a reset has left behind."""

BEGUN = "played_from"
"""Where the store holds from when on a demo was played, ms of domain time."""

_TIMES = ("from", "until", "to", "at", "left")


def text(config: Config, profile: str, store: Store) -> bytes:
    """What has been done up to now; `profile` is the code of the province."""
    with store.read() as conn:
        found = rows.done(conn, NAMES)
    world = {"profile": profile, "size": config.size, "seed": config.seed, "deaf": config.deaf}
    first = {"do": "stage", **world}
    return b"".join(msgspec.json.encode(line) + b"\n" for line in [first, *(_line(x) for x in found)])


def length(conn: Read) -> int:
    """How many orders presenters have given: another value whenever one more was."""
    return rows.count(conn, NAMES)


def keep(config: Config, profile: str, store: Store, left_ms: int, real_ms: int) -> Path:
    """Put it away under the instant that is left and the one at which that happens. Raises OSError."""
    folder = config.data_dir / FOLDER
    folder.mkdir(exist_ok=True)
    left, real = (iso(t)[:19].replace(":", "") for t in (left_ms, real_ms))
    file = folder / f"{left}_{real}.jsonl"
    file.write_bytes(text(config, profile, store))
    return file


def _line(done: rows.Done) -> dict[str, Any]:
    """Numbers as they were ordered, instants as ISO 8601."""
    args = {name: value for name, value in done.args.items() if value not in (None, "")}
    args.pop("to_ms", None)
    for name in _TIMES:
        if isinstance(args.get(name), int):
            args[name] = iso(args[name])
    return {"at": iso(done.t), "do": done.name, **args, "actor": done.actor, "real": iso(done.real)}
