"""The engine's own numbers: positions in its columns, none of them kept. A restart may give others.

As in `cockpit.domain.numbers` they are plain integers at run time, and told apart by the type checker alone.
"""

from __future__ import annotations

from typing import NewType

AssetAt = NewType("AssetAt", int)
"""An asset by its place among the assets of the profile, from 0."""

SourceAt = NewType("SourceAt", int)
"""A source by its place among the sources of the profile, from 0."""

SeriesAt = NewType("SeriesAt", int)
"""A series by its place among the series of the catalogue, sorted by their numbers, from 0."""

SlotNo = NewType("SlotNo", int)
"""A slot by its place among all slots, from 0: causes before symptoms, what came while running at the end."""

Lane = NewType("Lane", int)
"""A time line: 0 domain time, 1 real time."""
