"""The numbers that name things across rooms. Each counts things of one kind, so that the type checker finds
where one is handed over for another; at run time all are plain integers, and nothing is checked.

Columns of numbers are arrays of integers: their names and comments say what is in them.
"""

from __future__ import annotations

from typing import NewType

AssetId = NewType("AssetId", int)
"""An asset of the catalogue: given by the profile, from 1, and kept in the store for ever."""

SourceId = NewType("SourceId", int)
"""A source of the catalogue: given by the profile, from 1, and kept in the store; 0 where none is known."""

MetricId = NewType("MetricId", int)
"""A metric of the catalogue, 1 to 255: given by the profile, and kept in the store."""

SeriesNo = NewType("SeriesNo", int)
"""A metric of an asset: asset id * 256 + metric id. Observations are kept in the store under it."""

AlertId = NewType("AlertId", int)
"""An alert in the order of opening, from 1: given by the engine, kept in the store, told outside."""
