"""Databases that earlier revisions wrote, as they wrote them: see docs/development.md."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("old")


@dataclass(frozen=True)
class Old:
    """One of them: `at_ms` is the domain time up to which its engine had worked, `tokens` are by label."""

    revision: str
    mode: str  # demo | serve
    at_ms: int
    tokens: dict[str, str]

    @property
    def size(self) -> str:
        return "district" if self.mode == "demo" else "province"

    def put(self, folder: Path) -> Path:
        """A copy in a data directory, to work on."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "cockpit.db"
        path.write_bytes(gzip.decompress((FOLDER / f"{self}.db.gz").read_bytes()))
        return path

    def __str__(self) -> str:
        return f"{self.revision}-{self.mode}"


def every() -> list[Old]:
    """All that lie in the folder."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        told: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
        found += [Old(path.stem, mode, facts["at_ms"], facts["tokens"]) for mode, facts in told.items()]
    return found


OLDEST, NEWEST = "e3124b6", "e7185ad"
WITHOUT_RULES = "e3124b6"
"""A revision that kept no rules with its alerts."""
WORDS = ("name", "owner", "next_step", "about")
CAMERA_STEP_OF_THEN = (  # since then plainer
    "Kiểm tra nguồn và dây tại camera; nếu cả cụm mất, xem đầu ghi và đường truyền trước."
)
WITH_REAL_TIME = ("541ef4d", "e7185ad")
"""Revisions that kept the real time of acknowledgements."""
OF_PROFILES = ("asset", "source", "indicator")
WITH_SENTENCES = "e7185ad"
"""A revision whose rules had all the words that they have today."""


def first_of(*revisions: str) -> pytest.MarkDecorator:
    """These in every run, the others in the long one: what becomes of them, the oldest goes through too."""
    kept = [pytest.param(o, marks=() if o.revision in revisions else pytest.mark.long) for o in every()]
    return pytest.mark.parametrize("old", kept, ids=str)
