"""A province that sends over the wire to any cockpit, so that pages have something to show.

Made from what `/api/v1/catalog` says and from nothing inside: days of hourly figures, samples of phones, the
last minutes of every asset at its rhythm, and then what is due in each second. One asset in fifty is ill. The
same catalogue and second make the same events.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from cockpit.bench.bodies import EVENTS, Body
from cockpit.bench.client import put
from cockpit.domain.instants import iso
from cockpit.domain.periods import DAY_S

DAYS = 3
SAMPLES = 5_000
MINUTES = 10
ILL_EVERY = 50
PHONES = "dien-thoai"

WELL: dict[str, float] = {
    "fps": 25, "loss_pct": 0.2, "bitrate_kbps": 2000, "change_pct": 6, "latency_ms": 5, "util_pct": 30,
    "avail_pct": 99.9, "temp_c": 24, "prb_pct": 35, "users": 40, "drop_pct": 0.3, "volume_db": 85,
    "disk_free_pct": 40, "cameras_connected": 12, "noise": 3, "cast_pct": 4,
}  # fmt: skip
"""Values of a good day; a yes or no is yes, and anything else is in the middle of its range."""
ILL: dict[str, float] = {
    "fps": 3, "loss_pct": 30, "up": 0, "power_ok": 0, "temp_c": 55, "drop_pct": 12, "volume_db": 20,
    "disk_free_pct": 2, "write_ok": 0, "online": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sender:
    """An asset that sends: its rhythm and the second in it in seconds; its values as they stand in an event,
    the same when it is ill, and its hourly figures of a day ("" for none)."""

    code: str
    source: str
    rhythm_s: int
    phase_s: int
    well: str
    ill: str
    day: str


@dataclass(frozen=True, slots=True)
class Province:
    """Who sends, and where phones measure: (operator, latitude, longitude)."""

    senders: tuple[Sender, ...]
    places: tuple[tuple[str, float, float], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that sends."""
        phones = (PHONES,) if self.places else ()
        return tuple(sorted({s.source for s in self.senders} | set(phones)))


def province_of(catalogue: dict[str, Any], other: dict[str, Any]) -> Province:
    """The province that both catalogues know."""
    known = {(a["code"], a["kind"], a["source"]) for a in other["assets"]}
    metrics = _metrics(catalogue, {m["code"] for m in other["metrics"]})
    both = {s["code"] for s in catalogue["sources"]} & {s["code"] for s in other["sources"]}
    sources = {s["code"] for s in catalogue["sources"] if s["time"] == "domain" and s["code"] in both}
    senders: list[Sender] = []
    days: dict[tuple[str, int], str] = {}
    for asset in catalogue["assets"]:
        if asset["source"] in sources and asset["rhythm_s"] and _key(asset) in known:
            sent = [m for m in metrics.get(asset["kind"], ()) if _sends(catalogue, asset, m)]
            if sent:
                senders.append(_sender(asset, sent, len(senders), days))
    operators = sorted(catalogue["operators"].keys() & other["operators"].keys())
    units = [u for u in catalogue["units"] if u["lat"] and u["lon"]]
    places = [(operator, u["lat"], u["lon"]) for u in units for operator in operators]
    return Province(tuple(senders), tuple(places) if PHONES in sources else ())


def _key(asset: dict[str, Any]) -> tuple[str, str, str]:
    return asset["code"], asset["kind"], asset["source"]


def _metrics(catalogue: dict[str, Any], known: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for metric in catalogue["metrics"]:
        for kind in metric["kinds"] if metric["code"] in known else ():
            found.setdefault(kind, []).append(metric)
    return found


def _sends(catalogue: dict[str, Any], asset: dict[str, Any], metric: dict[str, Any]) -> bool:
    """Whether an asset sends a metric: of a system's the ones that an indicator takes from its source."""
    if asset["kind"] != "system":
        return metric["assets"] is None or asset["code"] in metric["assets"]
    return any(
        i["measure"].get("metric") == metric["code"] and asset["source"] in i["sources"]
        for i in catalogue["indicators"]
    )


def _well(metric: dict[str, Any]) -> float:
    low, high = metric["range"]
    if (low, high, metric["resolution"]) == (0, 1, 1):
        return 1
    middle = round(low + (min(high, low + 100) - low) * 0.6)
    return float(WELL.get(metric["code"], middle))


def _sender(
    asset: dict[str, Any], metrics: list[dict[str, Any]], place: int, days: dict[tuple[str, int], str]
) -> Sender:
    """`days` keeps the hourly figures by metric and count: all assets of a kind have the same."""
    values = {m["code"]: _well(m) for m in metrics}
    ill = values | {code: value for code, value in ILL.items() if code in values}
    rhythm = int(asset["rhythm_s"])
    day = ""
    if rhythm <= 3600 and asset["kind"] != "system":
        n = 3600 // rhythm
        for m in metrics:
            if (m["code"], n) not in days:
                days[m["code"], n] = f'"{m["code"]}":{_day(m, values[m["code"]], n)}'
        day = ",".join(days[m["code"], n] for m in metrics)
    phase = place * 7919 % rhythm
    return Sender(asset["code"], asset["source"], rhythm, phase, _object(values), _object(ill), day)


def _object(values: dict[str, float]) -> str:
    return ",".join(f'"{code}":{value:g}' for code, value in values.items())


def _day(metric: dict[str, Any], value: float, n: int) -> str:
    """24 hours of one metric: a small step up and down again, so that a line is not flat."""
    high, step = metric["range"][1], metric["resolution"]
    hours = [round(min(high, value + hour % 3 * step), 6) for hour in range(24)]
    sums = ",".join(f"{round(n * hour, 4)}" for hour in hours)
    each = ",".join(f"{hour}" for hour in hours)
    counts = ",".join([str(n)] * 24)
    return f'{{"n":[{counts}],"sum":[{sums}],"min":[{each}],"max":[{each}]}}'


def _event(serial: str, source: str, kind: str, subject: str, at_s: int, data: str) -> str:
    return (
        f'{{"specversion":"1.0","id":"{serial}","source":"{source}","type":"{kind}",'
        f'"subject":"{subject}","time":"{iso(at_s * 1000)}","data":{{{data}}}}}'
    )


def _values(sender: Sender, place: int, at_s: int, *, serial: str = "v") -> str:
    values = sender.ill if place % ILL_EVERY == 0 else sender.well
    return _event(
        f"{serial}-{sender.code}-{at_s}", sender.source, "ioc.observation", sender.code, at_s,
        f'"values":{{{values}}}',
    )  # fmt: skip


def past(province: Province, now_s: int) -> Iterator[str]:
    """What came before `now_s`: days without raw data, samples, then the last minutes in order of time."""
    for back in range(DAYS, 0, -1):
        end = now_s - (back - 1) * DAY_S
        day = time.strftime("%Y-%m-%d", time.gmtime(end - DAY_S))
        for s in province.senders:
            if s.day:
                data = f'"day":"{day}","hours":{{{s.day}}}'
                yield _event(f"d-{s.code}-{day}", s.source, "ioc.rollup", s.code, now_s - 60, data)
    for i in range(SAMPLES if province.places else 0):
        operator, lat, lon = province.places[i * 7 % len(province.places)]
        north, east = (i * 37 % 200 - 100) / 4000, (i * 61 % 200 - 100) / 4000
        data = (
            f'"operator":"{operator}","lat":{lat + north:.5f},"lon":{lon + east:.5f},"accuracy_m":12,'
            f'"rsrp_dbm":{-75 - i * 13 % 45}'
        )
        yield _event(f"s-{i}", PHONES, "ioc.sample", f"phone-{i % 400:03d}", now_s - 3600 + i % 3500, data)
    for second in range(now_s - MINUTES * 60, now_s):
        yield from due(province, second)
    for place, s in enumerate(province.senders):
        if s.rhythm_s > MINUTES * 60:
            yield _values(s, place, now_s - 1, serial="last")


def due(province: Province, second: int) -> list[str]:
    """What is sent in a second of the clock."""
    return [
        _values(s, place, second)
        for place, s in enumerate(province.senders)
        if (second - s.phase_s) % s.rhythm_s == 0
    ]


def _body(events: list[str]) -> Body:
    return Body(f"[{','.join(events)}]".encode(), len(events), 0)


def bodies(events: Iterator[str]) -> Iterator[Body]:
    """Events in bodies of a thousand."""
    while some := list(islice(events, EVENTS)):
        yield _body(some)


async def go_on(port: int, token: str, province: Province, second: int) -> None:
    """Send from `second` on what is due, each second in its time, until cancelled. Raises LoadError."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        while True:
            await asyncio.sleep(max(0.0, second - time.time()))
            if events := due(province, second):
                await put(reader, writer, token, _body(events))
            second += 1
    finally:
        writer.close()
