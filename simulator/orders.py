"""What a stage orders, as episodes: scenarios cast at their instants, faults on assets, sources and units.

The same orders give the same episodes whether they come from a running cockpit's clock, for a jump, or from
the log that a stage has kept; so a run can be repeated from seed and log.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain import instants
from cockpit.profiles import Profile
from simulator.episodes import HIDDEN, OPEN_MS, Episode
from simulator.kinds import KINDS, SOURCE, UNIT, own_size, resolve
from simulator.scenario import Scenario, cast, load_scenario, names

Json = Mapping[str, Any]


class OrderError(ValueError):
    """A line of a log that cannot be played; the message says which and what is expected."""


def episodes_of(
    scenarios: Iterable[Json], faults: Iterable[Json], profile: Profile, seed: int
) -> tuple[Episode, ...]:
    """Episodes by (start, id). `scenarios`: code, from, until where taken off; `faults`: id, asset, kind,
    from, until, and ramp_s, hold_s, recovery_s, size where given. Orders of unknown kinds play nothing."""
    found: list[Episode] = []
    for order in scenarios:
        start, until = ms_of(str(order["from"])), order.get("until")
        played = _cast(str(order["code"]), start, profile.folder, len(profile.assets), seed, _Held(profile))
        found += played if until is None else cut(played, ms_of(str(until)))
    for order in faults:
        found += _ordered(order, profile)
    return tuple(sorted(found, key=lambda e: (e.start_ms, e.id)))


class _Held:
    """A profile as an argument that a cache does not compare."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _cast(code: str, start: int, folder: Path, size: int, seed: int, held: _Held) -> tuple[Episode, ...]:
    return cast([(_scenario(code, held.profile), start)], held.profile, seed)


def _scenario(code: str, profile: Profile) -> Scenario:
    """One of those that are offered, or a file."""
    return load_scenario(code if code in names(profile) else Path(code), profile)


def cut(episodes: Iterable[Episode], at: int) -> list[Episode]:
    """The episodes as far as they have come at an instant: what is over stays, what plays ends there, what
    is still to come never does."""
    return [replace(e, cut_ms=at) if e.end_ms > at else e for e in episodes if e.start_ms < at]


def _ordered(order: Json, profile: Profile) -> list[Episode]:
    """One fault: an episode, or one for each asset that it strikes in a unit."""
    code, kind = str(order["asset"]), str(order["kind"])
    if kind != "silent" and kind not in KINDS:
        return []
    start, until = ms_of(str(order["from"])), order.get("until")
    end = start + OPEN_MS if until is None else ms_of(str(until))
    ramp, hold, recovery = (
        round(float(order.get(f"{name}_s") or 0) * 1000) for name in ("ramp", "hold", "recovery")
    )
    if not ramp + hold + recovery:
        hold = end - start
    given = float(order.get("size") or 0.0)
    name = f"order-{order.get('id', code)}"
    found = [
        Episode(
            who, what, subject, start, ramp, hold, recovery, given or own_size(what, profile.utc_offset_s)
        )
        for who, of, subject in _subjects(name, code, kind, profile)
        for what in (resolve(kind, of),)
    ]
    return cut(found, end) if ramp + hold + recovery > end - start else found


def _subjects(name: str, code: str, kind: str, profile: Profile) -> list[tuple[str, str, str]]:
    """Id, kind of asset and subject of each episode that an order means."""
    asset = profile.asset.get(code)
    if asset is not None:
        return [(name, asset.kind, code)]
    if code in profile.source:
        return [(name, SOURCE, code)]
    if code not in profile.unit or kind == "silent":
        return []
    if UNIT in KINDS[kind].on:
        return [(name, UNIT, f"{HIDDEN}{kind}:{code}")]
    struck = [a for a in profile.assets if a.unit == code and a.kind in KINDS[kind].on]
    return [(f"{name}:{a.code}", a.kind, a.code) for a in struck]


def ms_of(iso: str) -> int:
    """Milliseconds since the epoch of a time of RFC 3339. Raises ValueError."""
    return instants.parse(iso)


def read_log(lines: Iterable[bytes | str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Scenarios and faults, for `episodes_of`, of a log as `GET /api/v1/stage/log` gives it. What concerns
    the clock alone is left out: events are a function of domain time. Raises OrderError."""
    scenarios: list[dict[str, Any]] = []
    faults: dict[int, dict[str, Any]] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = msgspec.json.decode(_no_mark(text), type=dict[str, Any])
            _take(line, scenarios, faults)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise _no_order(number, error) from None
    return scenarios, list(faults.values())


def _no_order(number: int, error: Exception) -> OrderError:
    found = {KeyError: f"{error} is missing", RecursionError: "it is nested absurdly deep"}
    expected = "a line of the stage's log, as GET /api/v1/stage/log gives it"
    return OrderError(f"line {number}: {found.get(type(error), error)}; expected {expected}")


def _take(line: dict[str, Any], scenarios: list[dict[str, Any]], faults: dict[int, dict[str, Any]]) -> None:
    do = line["do"]
    if do == "stage_begin":
        if line.get("replace"):
            _end(scenarios, line["from"])
        scenarios += [{"code": code, "from": line["from"]} for code in str(line["scenario"]).split()]
    elif do in ("fault", "stage_preset"):
        faults[int(line["id"])] = line
    elif do == "fault_undo":
        faults[int(line["id"])]["until"] = _earlier(faults[int(line["id"])], line["until"])
    elif do in ("stage_end", "stage_clear"):
        _end(scenarios, line["until"], line.get("scenario"))
        if do == "stage_clear":
            for fault in faults.values():
                fault["until"] = _earlier(fault, line["until"])


def _end(scenarios: list[dict[str, Any]], at: str, code: str | None = None) -> None:
    """Those that play still end at `at`, or the one of this code."""
    for one in scenarios:
        if "until" not in one and code in (None, one["code"]):
            one["until"] = at


def _earlier(fault: Json, at: str) -> str:
    known = fault.get("until")
    return at if known is None or ms_of(at) < ms_of(str(known)) else str(known)


def seeds(lines: Sequence[bytes | str]) -> dict[str, Any]:
    """What the first line of a log says of the run: profile, size, seed, deaf; empty if nothing."""
    for text in lines[:1]:
        try:
            line = msgspec.json.decode(_no_mark(text), type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError) as error:
            raise _no_order(1, error) from None
        if line.get("do") == "stage":
            return {name: line[name] for name in ("profile", "size", "seed", "deaf") if name in line}
    return {}


def _no_mark(text: bytes | str) -> bytes | str:
    """Without the byte order mark that some editors put at the beginning of a file."""
    return text.removeprefix("\ufeff") if isinstance(text, str) else text.removeprefix(codecs.BOM_UTF8)
