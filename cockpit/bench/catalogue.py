"""A catalogue of any size for measurements: cameras of one source in a handful of units."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Asset, Source, Text, Unit
from cockpit.domain.numbers import AssetId, SourceId

_NAME = Text("", "")


@dataclass(frozen=True, slots=True)
class Limits:
    weak_dbm: float = -100.0
    bad_dbm: float = -110.0


class BenchProfile:
    """What the store needs to know of a profile, for `count` cameras."""

    code = "bench"
    utc_offset_s = 25_200
    tallied = ()

    def __init__(self, count: int, units: int = 54) -> None:
        self.coverage = Limits()
        self.sources = [
            Source(
                SourceId(1), "bench", "", _NAME, _NAME, "machine", "domain",
                15, 60, 120, 86_400, 300, 0.0, "always", (),
            )
        ]  # fmt: skip
        self.units = [Unit(f"{i:05}", "xa", "", "", "", 1.0, 1, 21.0, 107.0) for i in range(units)]
        self.assets = [
            Asset(
                AssetId(i + 1),
                f"cam-{i + 1:05}",
                "camera",
                "",
                self.units[i % units].code,
                "bench",
                None,
                None,
                15,
                "",
                {},
            )
            for i in range(count)
        ]
        self.source = {s.code: s for s in self.sources}
