"""The log of commands as a file to take along: CSV in UTF-8 with a byte order mark, one line a command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from cockpit.domain.instants import iso
from cockpit.store.queries.audit import Entry

COLUMNS = (
    "id", "time", "real", "actor", "role", "unit", "command", "arguments", "reason", "code", "facts",
)  # fmt: skip
"""`time` is domain time, `real` real time, both ISO 8601 with offset; `arguments` and `facts` are JSON."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def write(entries: Iterable[Entry]) -> bytes:
    """The entries in their order, under a line of column names."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for e in entries:
        args = {name: value for name, value in e.args.items() if name != "reason"}
        writer.writerow((
            e.seq, iso(e.t), iso(e.real), _text(e.actor), e.role, _text(e.unit), _text(e.name), _json(args),
            _text(str(e.args.get("reason", ""))), e.outcome, _json(e.facts),
        ))  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _text(text: str) -> str:
    """What people typed, as text: a sign before it keeps a spreadsheet from reckoning it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _json(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False) if found else ""
