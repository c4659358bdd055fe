"""sqlite-utils without pandas.

It loads pandas wherever that is installed, for a type of column that nobody here writes: half of the time
in which a cockpit, and every command, starts. Streamlit brings pandas along and loads it when it needs it.
"""

from __future__ import annotations

import sys

_absent = "pandas" not in sys.modules
if _absent:
    sys.modules["pandas"] = None  # type: ignore[assignment]  # an import of it fails as if it were not there
try:
    from sqlite_utils import Database, Migrations
finally:
    if _absent:
        del sys.modules["pandas"]

__all__ = ["Database", "Migrations"]
