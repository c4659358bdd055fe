"""Names of people and texts they write: names from faker's vi_VN lists of last and first names, texts from
own templates. All text is in composed form (NFC).
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from faker.providers.person.vi_VN import Provider

from simulator.rng import Stream


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """The templates, in composed form."""
    raw = Path(__file__).with_name("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(unicodedata.normalize("NFC", raw))


@lru_cache(maxsize=1)
def _lists() -> tuple[list[str], list[str], list[str]]:
    def clean(names: Any) -> list[str]:
        return sorted({unicodedata.normalize("NFC", n) for n in names})

    return clean(Provider.last_names), clean(Provider.first_names_male), clean(Provider.first_names_female)


def name(stream: Stream, entity: int, step: int = 0) -> str:
    """A person's name: last name, the usual middle name, first name; no title."""
    last, male, female = _lists()
    bits = int(stream.bits(entity, step)[0])
    woman = bits & 1
    first = female if woman else male
    middle = "Thị" if woman else "Văn"
    return f"{last[(bits >> 8) % len(last)]} {middle} {first[(bits >> 24) % len(first)]}"
