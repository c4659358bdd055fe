"""What measurements of the door send: events of the province's cameras, the same for every cockpit.

Packed events hold all that a camera sends at once: six of seven come from cameras with four values, one from
a camera with an analytics box and eleven, which makes five values an event. Single events hold one value.
Either way a camera sends every 15 s of event time, those with a box every 4 s when packed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cockpit.bench.processes import Running
from cockpit.domain.instants import iso

SOURCE = "cam-vms"
PLAIN = ("fps", "loss_pct", "bitrate_kbps", "change_pct")
BOXED = (*PLAIN, "brightness_pct", "sharpness", "noise", "cast_pct", "view_pct", "clock_seen", "content_hash")
EVENTS = 1_000
RHYTHM_MS = 15_000
BOX_EVERY = 7


class LoadError(Exception):
    """A cockpit cannot be given the load, or did not take it: the message says what it answered."""


@dataclass(frozen=True, slots=True)
class Cameras:
    """Codes of the cameras without and with an analytics box."""

    plain: tuple[str, ...]
    boxed: tuple[str, ...]

    def __and__(self, other: Cameras) -> Cameras:
        """Those that both know, alike. Raises LoadError where there are none of a kind."""
        return _some(_both(self.plain, other.plain), _both(self.boxed, other.boxed))


@dataclass(frozen=True, slots=True)
class Body:
    """A body of events, and how many events and values are in it."""

    content: bytes
    events: int
    values: int


def _both(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    known = set(others)
    return tuple(code for code in some if code in known)


def _some(plain: tuple[str, ...], boxed: tuple[str, ...]) -> Cameras:
    if not plain or not boxed:
        raise LoadError(
            f"{len(plain)} cameras send {', '.join(PLAIN)} and {len(boxed)} more what analytics see: "
            "the load needs some of both"
        )
    return Cameras(plain, boxed)


def catalogue_of(cockpit: Running) -> dict[str, Any]:
    """What a running cockpit says events may refer to. Raises LoadError."""
    status, body = cockpit.get("/api/v1/catalog", timeout=30)
    if status != 200:
        raise LoadError(f"the catalogue was answered with {status}: {body[:400]!r}")
    found: dict[str, Any] = json.loads(body)
    return found


def cameras_of(catalogue: dict[str, Any]) -> Cameras:
    """The cameras of a catalogue as `/api/v1/catalog` gives it. Raises LoadError."""
    cameras = [a["code"] for a in catalogue["assets"] if a["kind"] == "camera" and a["source"] == SOURCE]
    # A metric without a list of assets is sent by all of its kinds.
    senders = {
        m["code"]: set(cameras if m["assets"] is None else m["assets"])
        for m in catalogue["metrics"]
        if "camera" in m["kinds"]
    }
    plain, boxed = (
        set(cameras).intersection(*(senders.get(code, set()) for code in codes)) for codes in (PLAIN, BOXED)
    )
    return _some(
        tuple(code for code in cameras if code in plain and code not in boxed),
        tuple(code for code in cameras if code in boxed),
    )


def _values(i: int) -> tuple[str, ...]:
    """What a camera sends the `i`th time, in order of BOXED: everything is well, nothing stands still."""
    return (
        f"{24 + i % 11 / 10:.1f}",
        f"{i * 7 % 300 / 100:.2f}",
        f"{1800 + i * 13 % 900}",
        f"{1 + i % 97 / 10:.1f}",
        f"{40 + i % 200 / 10:.1f}",
        f"{60 + i % 90 / 10:.1f}",
        f"{2 + i % 20 / 10:.1f}",
        f"{3 + i % 30 / 10:.1f}",
        f"{95 + i % 40 / 10:.1f}",
        "1",
        f"{i * 37 % 65536}",
    )


TURNS = 9_973
"""Values come again after so many events: a prime, so that no camera gets the same ones every time."""


@cache
def _texts() -> list[tuple[str, ...]]:
    """`"metric":value` of each turn, in order of BOXED."""
    return [
        tuple(f'"{code}":{value}' for code, value in zip(BOXED, _values(turn), strict=True))
        for turn in range(TURNS)
    ]


@cache
def _joined(metrics: int) -> list[str]:
    """The first so many values of each turn, as they stand in an event."""
    return [",".join(texts[:metrics]) for texts in _texts()]


def _event(serial: str, camera: str, at_ms: float, values: str) -> str:
    return (
        f'{{"specversion":"1.0","id":"{serial}","source":"{SOURCE}","type":"ioc.observation",'
        f'"subject":"{camera}","time":"{iso(round(at_ms))}","data":{{"values":{{{values}}}}}}}'
    )


def packed_step(cameras: Cameras) -> float:
    """Milliseconds of event time from one packed event to the next."""
    return RHYTHM_MS * (BOX_EVERY - 1) / BOX_EVERY / len(cameras.plain)


def packed(cameras: Cameras, n: int, start_ms: float) -> Body:
    """Body `n` of packed events: they follow those of the body before, the first of all at `start_ms`."""
    step = packed_step(cameras)
    plain, boxed = cameras.plain, cameras.boxed
    four, eleven = _joined(len(PLAIN)), _joined(len(BOXED))
    out, values = [], 0
    for i in range(n * EVENTS, (n + 1) * EVENTS):
        rounds, place = divmod(i, BOX_EVERY)
        if place == BOX_EVERY - 1:
            camera, texts = boxed[rounds % len(boxed)], eleven
            values += len(BOXED)
        else:
            camera, texts = plain[(i - rounds) % len(plain)], four
            values += len(PLAIN)
        out.append(_event(f"packed-{i:08d}", camera, start_ms + i * step, texts[i % TURNS]))
    return Body(f"[{','.join(out)}]".encode(), EVENTS, values)


def series_of(cameras: Cameras) -> list[tuple[str, int]]:
    """Every camera with the place in BOXED of each metric it sends, metric by metric."""
    return [
        (camera, place)
        for place in range(len(BOXED))
        for camera in ((*cameras.plain, *cameras.boxed) if place < len(PLAIN) else cameras.boxed)
    ]


def single(series: list[tuple[str, int]], n: int, start_ms: float) -> Body:
    """Body `n` of single events of `series_of` the cameras: each value comes by itself."""
    step, texts = RHYTHM_MS / len(series), _texts()
    out = []
    for i in range(n * EVENTS, (n + 1) * EVENTS):
        camera, place = series[i % len(series)]
        out.append(_event(f"single-{i:08d}", camera, start_ms + i * step, texts[i % TURNS][place]))
    return Body(f"[{','.join(out)}]".encode(), EVENTS, EVENTS)


def two_loads(cameras: Cameras, singles: int, packs: int, now_ms: int) -> tuple[list[Body], list[Body]]:
    """So many bodies of single events, and of packed ones that follow them and end at `now_ms`."""
    packs_from = now_ms - packs * EVENTS * packed_step(cameras)
    series = series_of(cameras)
    singles_from = packs_from - singles * EVENTS * RHYTHM_MS / len(series)
    return (
        [single(series, n, singles_from) for n in range(singles)],
        [packed(cameras, n, packs_from) for n in range(packs)],
    )
