"""Samples of a table that are written plainly, a block of rows at once: the way nearly all rows take.

Checks are those of `measurements`, `validate` and `bodies.sample`, on columns in place of events. A row about
which anything is unusual is left to these, which take it or say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from h3.api import basic_int

from cockpit.domain.coverage import technologies
from cockpit.domain.coverage.places import EXACT_M, INEXACT, UNKNOWN
from cockpit.domain.identity import event_keys
from cockpit.ingest import bodies
from cockpit.ingest.absence import absent
from cockpit.ingest.codes import Refusal
from cockpit.ingest.mapping import Columns
from cockpit.ingest.measurements import COLUMNS, FILLED, INDOOR
from cockpit.ingest.sample_columns import Sheet, Texts
from cockpit.ingest.tables import SourceRow, Tables
from cockpit.store.batch import NO_RATE, Batch, Flags, Floats, Ints, Samples
from cockpit.store.sampled import numbered

PARTED = "\x1f"


@dataclass(slots=True)
class Told:
    """Rows that are taken, for the report: technology as written, place in the block of the first of them,
    how many, and of LTE how many have a place that is not known well, by the reason."""

    technology: str
    first: int
    n: int
    places: dict[str, int]


@dataclass(slots=True)
class Block:
    """Rows that are taken, as a batch; which rows of the block they are; what is told of them."""

    batch: Batch
    taken: Flags
    told: list[Told]
    sources: set[str]


def block_of(sheet: Sheet, mapping: Columns, tables: Tables, now: Callable[[SourceRow], int]) -> Block:
    """What can be taken of a sheet; `now` is the clock of a source, when it was received."""
    good = np.ones(len(sheet), np.bool_)

    def column(name: str, told: Callable[[str], bool]) -> Texts:
        texts = sheet.texts(name)
        np.logical_and(good, texts.where(texts.each(told)), out=good)
        return texts

    device = column("device_hash", lambda text: not absent(text) and _is_text(text.strip(), empty=False))
    operator = column(
        "operator", lambda text: not absent(text) and mapping.word("operator", text) in tables.operators
    )
    source = column("source", lambda text: not absent(text) and _brings(text, tables))
    tech = column("tech", lambda text: _generation(text, mapping) is not None)
    column("cell_id", lambda text: absent(text) or _is_text(_as_sent("cell_id", text, mapping)))
    column("indoor", lambda text: _is_indoor(mapping.word("indoor", text).lower()))
    number: dict[str, Floats] = {}
    for name in ("lat", "lon", "acc_m", "rsrp_dbm", "rsrq_db", "sinr_db", "dl_mbps", "ul_mbps"):
        number[name], sure = sheet.numbers(name)
        good &= sure
        if name in FILLED:
            good &= ~np.isnan(number[name])
    time, sure = sheet.instants("ts")
    good &= sure
    accuracy = np.nan_to_num(number["acc_m"])  # who tells none does not know the place
    lte = tech.where([_generation(name, mapping) == technologies.LTE for name in tech.names])
    good &= _within(number["lat"], *tables.box[1::2]) & _within(number["lon"], *tables.box[::2])
    good &= _within(accuracy, *bodies.ACCURACY)
    good &= np.where(
        lte, _within(number["rsrp_dbm"], *bodies.RSRP), _within(number["rsrp_dbm"], *bodies.STRENGTH)
    )
    rsrq = number["rsrq_db"]
    good &= np.isnan(rsrq) | np.where(lte, _within(rsrq, *bodies.RSRQ), _within(rsrq, *bodies.QUALITY))
    for name, limits in (("sinr_db", bodies.SINR), ("dl_mbps", bodies.RATE), ("ul_mbps", bodies.RATE)):
        good &= np.isnan(number[name]) | _within(number[name], *limits)
    rows = [tables.sources.get(name.strip()) for name in source.names]
    received = np.array([0 if row is None else now(row) for row in rows], np.int64)[source.number]
    early = np.array([0 if row is None else row.early_ms for row in rows], np.int64)[source.number]
    window = np.array([0 if row is None else row.window_ms for row in rows], np.int64)[source.number]
    good &= (time <= received + early) & (time >= received - window)

    at = np.flatnonzero(good)
    batch = Batch()
    owner = source.number[at]
    batch.key = _keys(sheet.digests(COLUMNS, at, PARTED), owner, [name.strip() for name in source.names])
    batch.source = np.array([0 if row is None else row.id for row in rows], np.int64)[owner]
    batch.time, batch.received = time[at], received[at]
    written = [_written(name, mapping) for name in tech.names]
    places = np.where(accuracy == 0, 1, np.where(accuracy > EXACT_M, 2, 0))
    reasons, why = numbered(
        [
            "" if _generation(name, mapping) == technologies.LTE else str(_generation(name, mapping))
            for name in tech.names
        ],
        ("", UNKNOWN, INEXACT),
    )
    lat, lon = number["lat"][at], number["lon"][at]
    down = number["dl_mbps"][at]
    batch.sampled = Samples(
        np.arange(len(at)),
        device.number[at],
        operator.number[at],
        _cells(lat, lon),
        lat,
        lon,
        np.rint(number["rsrp_dbm"][at] * 10).astype(np.int64),
        np.where(np.isnan(down), NO_RATE, np.rint(np.nan_to_num(down) * 1000)).astype(np.int64),
        np.where(lte, places, why[tech.number])[at],
        tuple(name.strip() for name in device.names),
        tuple(mapping.word("operator", name) for name in operator.names),
        reasons,
    )  # fmt: skip
    told = _told(at, tech.number[at], written, places[at])
    return Block(batch, good, told, {source.names[n].strip() for n in np.unique(owner).tolist()})


def _cells(lat: Floats, lon: Floats) -> Ints:
    found = map(basic_int.latlng_to_cell, lat.tolist(), lon.tolist(), repeat(bodies.H3_RESOLUTION))
    return np.fromiter(found, np.int64, len(lat))


def _told(at: Ints, tech: Ints, written: list[str], places: Ints) -> list[Told]:
    found = []
    for one in np.unique(tech).tolist():
        mine = tech == one
        name = written[one]
        counts = np.bincount(places[mine], minlength=3).tolist()
        bad = {UNKNOWN: counts[1], INEXACT: counts[2]}
        if name and technologies.generation(name) != technologies.LTE:
            bad = {}
        found.append(
            Told(name, int(at[np.argmax(mine)]), int(mine.sum()), {k: n for k, n in bad.items() if n})
        )
    return sorted(found, key=lambda told: told.first)


def _keys(digests: list[str], owner: Ints, sources: list[str]) -> Ints:
    if len(sources) == 1:
        return event_keys(sources[0], digests)
    found = np.zeros(len(digests), np.int64)
    for one in np.unique(owner).tolist():
        mine = np.flatnonzero(owner == one)
        found[mine] = event_keys(sources[one], [digests[n] for n in mine.tolist()])
    return found


def _within(value: Floats, low: float, high: float) -> Flags:
    found: Flags = (value >= low) & (value <= high)  # nothing is within anything where there is no value
    return found


def _is_text(text: str, *, empty: bool = True) -> bool:
    try:
        bodies.text(text, "", bodies.MAX_DEVICE, empty=empty)
    except Refusal:
        return False
    return True


def _is_indoor(text: str) -> bool:
    return absent(text) or text in INDOOR


def _brings(text: str, tables: Tables) -> bool:
    source = tables.sources.get(text.strip())
    return source is not None and source.samples


def _written(text: str, mapping: Columns) -> str:
    return "" if absent(text) else mapping.word("tech", text).upper()[:20]


def _generation(text: str, mapping: Columns) -> str | None:
    """As the door reads a technology; None for what it does not know."""
    if absent(text):
        return technologies.LTE
    return technologies.generation(_as_sent("tech", text, mapping))


def _as_sent(column: str, text: str, mapping: Columns) -> str:
    return mapping.word(column, text) if mapping.translate else text
