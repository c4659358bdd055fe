"""Names of people and texts they write: names from faker's vi_VN lists of last and first names, texts from
own templates. All text is in composed form (NFC).
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from faker.providers.person.vi_VN import Provider

from simulator.calendar import date_of
from simulator.rng import Stream
from simulator.zone import Zone


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """The templates, in composed form."""
    raw = Path(__file__).with_name("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(unicodedata.normalize("NFC", raw))


@lru_cache(maxsize=1)
def name_lists() -> tuple[list[str], list[str], list[str]]:
    def clean(names: Any) -> list[str]:
        return sorted({unicodedata.normalize("NFC", n) for n in names})

    return clean(Provider.last_names), clean(Provider.first_names_male), clean(Provider.first_names_female)


def name(stream: Stream, entity: int, step: int = 0) -> str:
    """A person's name: last name, the usual middle name, first name; no title."""
    last, male, female = name_lists()
    bits = int(stream.bits(entity, step)[0])
    woman = bits & 1
    first = female if woman else male
    middle = "Thị" if woman else "Văn"
    return f"{last[(bits >> 8) % len(last)]} {middle} {first[(bits >> 24) % len(first)]}"


@lru_cache(maxsize=1)
def _complaints() -> dict[str, list[tuple[str, str]]]:
    """Field and template of every complaint, by what is broken."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for group in texts()["complaint"]:
        found[group["about"]] += [(group["field"], text) for text in group["texts"]]
    return found


def complaint(
    about: str, bits: int, zone: Zone, *, unit: str, since: int, written: int, place: str = "",
    operator: str = "", dossier: str = "",
) -> tuple[str, str]:  # fmt: skip
    """Field and text of a complaint about what is broken since an instant (ms), written at another."""
    known = _complaints()[about]
    field, text = known[bits % len(known)]
    spot = f"{spoken(place)}, {spoken(unit)}" if place and place != unit else spoken(unit)
    return field, text.format(
        at=spot, unit=spoken(unit), operator=operator, dossier=dossier, since=since_when(since, written, zone)
    )


def since_when(since: int, written: int, zone: Zone) -> str:
    """When something began, as somebody says who writes of it later."""
    words, day = texts()["since"], int(zone.day_of(since))
    ago = int(zone.day_of(written)) - day
    key = "today" if ago <= 0 else "yesterday" if ago == 1 else "earlier"
    date = date_of(day)
    hour = int(zone.minute_of_day(np.array(since))) // 60
    return str(words[key]).format(hour=hour, day=date.day, month=date.month)


def spoken(place: str) -> str:
    """A place as people write it in a sentence: its kind written small, the unit it lies in left out."""
    own = place.split(",")[0]
    return own[:1].lower() + own[1:]
