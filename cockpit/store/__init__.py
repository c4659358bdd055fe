"""SQLite: the only room with SQL. One writer, readers that cannot write, queries by area."""

from cockpit.store.batch import Batch, Committed, Outcome
from cockpit.store.database import integrity, visit
from cockpit.store.errors import QueueFull, StoreError
from cockpit.store.store import Store, StoreStats

__all__ = [
    "Batch",
    "Committed",
    "Outcome",
    "QueueFull",
    "Store",
    "StoreError",
    "StoreStats",
    "integrity",
    "visit",
]
