"""What rooms outside the store hold of a database: a handle that reads, or one that also writes."""

from __future__ import annotations

import sqlite3
from typing import NewType

Read = NewType("Read", sqlite3.Connection)
"""One snapshot of the store, to be handed to queries."""

Write = NewType("Write", Read)
"""A transaction of the one writer; whatever reads takes it, too."""
