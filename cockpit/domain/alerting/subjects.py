"""What an alert may be about."""

from __future__ import annotations

from typing import NamedTuple

ASSET, SOURCE, INDICATOR, UNIT = "asset", "source", "indicator", "unit"
INCOMING = "incoming"
_PREFIX = {ASSET: "a", SOURCE: "s"}


class Subject(NamedTuple):
    """`kind`: "asset", "source", "indicator", "unit" (one figure of it), "incoming" (an alert of another
    system, by its number), or the kind of a register; `code` names it among its kind."""

    kind: str
    code: str

    @property
    def asset(self) -> str:
        """The code of an asset, "" for anything else."""
        return self.code if self.kind == ASSET else ""

    @property
    def source(self) -> str:
        """The code of a source, "" for anything else."""
        return self.code if self.kind == SOURCE else ""

    @property
    def indicator(self) -> str:
        """The code of an indicator, "" for anything else."""
        return self.code if self.kind == INDICATOR else ""

    @property
    def unit(self) -> str:
        """The code of a unit, "" for anything else."""
        return self.code if self.kind == UNIT else ""

    @property
    def node(self) -> str:
        """Its own place in the graph of what depends on what."""
        return f"{_PREFIX.get(self.kind, self.kind)}:{self.code}"
