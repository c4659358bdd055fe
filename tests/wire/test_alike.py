"""Events that are taken at once come to the same as one by one, and the usual ones are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.bench.bodies import BOXED, Cameras, two_loads
from cockpit.domain.instants import NotAnInstant, iso, parse, parse_alike
from cockpit.ingest import alike, decode
from cockpit.ingest.tables import Tables
from cockpit.ingest.validate import AHEAD_MS, Validator
from cockpit.profiles import load
from cockpit.store import Batch
from tests.clocks import HandClock
from tests.wire.conftest import START, Bench

PROFILE = load("quang_ninh")
TABLES = Tables(PROFILE)
SOURCE = "cam-vms"
CAMERAS = [a.code for a in PROFILE.assets if a.source == SOURCE and a.kind == "camera"][:5]
FOREIGN = next(a.code for a in PROFILE.assets if a.source != SOURCE)
COLUMNS = ("key", "source", "time", "received", "obs_event", "obs_series", "obs_value")

TIMES = st.one_of(
    st.integers(START - 3_600_000, START).map(iso),
    st.integers(START - 3_600_000, START).map(lambda ms: iso(ms // 1000 * 1000).replace(".000+00:00", "Z")),
    st.sampled_from([
        iso(START + 2 * 3_600_000), iso(START - 900 * 86_400_000), "2026-11-21T24:00:00.000+00:00", "soon",
        "2026-11-22T07:59:60.000+07:00", "2026-11-22T07:59:5٣.000+07:00", "2026-11-22T07:59:59,000+07:00", "",
    ]),
)  # fmt: skip
GOOD = st.one_of(
    st.fixed_dictionaries({"fps": st.floats(0, 60), "loss_pct": st.floats(0, 100)}),
    st.fixed_dictionaries({"fps": st.floats(0, 30)}),
)
VALUES = st.one_of(
    GOOD,
    st.sampled_from(
        [{}, {"fps": -1.0}, {"fps": 1e9}, {"nothing": 1.0}, {"view_pct": 50.0}, {"rsrp_dbm": -90.0}]
    ),
)


def zulu(ms: int) -> str:
    """To the second before, and with the short offset."""
    return iso(ms // 1000 * 1000).replace(".000+00:00", "Z")


def shifted(texts: Sequence[str], at: int, by: int) -> list[str]:
    """The same text laid end to end, cut elsewhere: so many signs of one go to its neighbour; where there are
    fewer than none, the neighbour's come here. Whoever only looks at the whole takes it for the same."""
    moved = list(texts)
    if at + 1 < len(moved):
        both = moved[at] + moved[at + 1]
        cut = max(0, min(len(both), len(moved[at]) - by))
        moved[at : at + 2] = [both[:cut], both[cut:]]
    return moved


SHIFTS = st.integers(-25, 25).filter(bool)
ALIKE = st.one_of(
    st.lists(st.integers(START - 3_600_000, START).map(iso), min_size=2, max_size=9),
    st.lists(
        st.integers(START // 1000 - 3600, START // 1000).map(lambda s: zulu(s * 1000)), min_size=2, max_size=9
    ),
)  # fmt: skip


def event(n: int, subject: str, time: str, values: dict[str, float], **more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": f"e-{n}", "source": SOURCE, "type": "ioc.observation", "subject": subject,
        "time": time, "data": {"values": values}, **more,
    }  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events that are alike, and among them at most two that may differ in anything, and two neighbours of
    which one may have got a part of what the other says."""
    sent = draw(st.booleans())
    made = [
        event(n, draw(st.sampled_from(CAMERAS)), iso(START - n * 700), draw(GOOD))
        for n in range(draw(st.integers(1, 20)))
    ]
    if sent:
        made = [{**e, "sent": iso(START - 5 * n)} for n, e in enumerate(made)]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(made) - 1))
        odd = draw(st.sampled_from(["time", "values", "subject", "id", "source", "sent", "units"]))
        changed = dict(made[at])
        if odd == "time":
            changed["time"] = draw(TIMES)
        elif odd == "values":
            changed["data"] = {"values": draw(VALUES)}
        elif odd == "units":
            changed["data"] = {
                "values": {"fps": 20.0},
                "units": {"fps": draw(st.sampled_from(["fps", "km"]))},
            }
        elif odd == "sent":
            changed["sent"] = draw(st.one_of(st.none(), TIMES))
        elif odd == "source":
            changed["source"] = draw(st.sampled_from(["cam-vms", "desk", "nobody"]))
        elif odd == "id":
            changed["id"] = draw(st.sampled_from(["", "x" * 129, "a\tb", "e-0", "é", "\u202e"]))
        else:
            changed["subject"] = draw(st.sampled_from(["", FOREIGN, "nowhere", *CAMERAS]))
        made[at] = changed
    if draw(st.booleans()):
        name = draw(st.sampled_from(["time", "sent", "id"] if sent else ["time", "id"]))
        texts = shifted([e.get(name) or "" for e in made], draw(st.integers(0, len(made) - 1)), draw(SHIFTS))
        made = [{**e, name: text} if text else e for e, text in zip(made, texts, strict=True)]
    return made


def checked(body: bytes, *, simulated: bool, fewest: int) -> Batch | Exception:
    """The batch of a body; events in lots smaller than `fewest` are looked at one by one."""
    slice_ = next(iter(decode.slices(body, "application/json")))
    before, alike.FEWEST = alike.FEWEST, fewest
    try:
        return Validator(TABLES, HandClock(START), simulated=simulated).check(slice_.items, None, slice_)
    except Exception as error:  # compared below
        return error
    finally:
        alike.FEWEST = before


@given(bodies(), st.booleans())
def test_events_taken_at_once_come_to_the_same_as_one_by_one(
    events: list[dict[str, Any]], simulated: bool
) -> None:
    body = msgspec.json.encode(events)
    at_once = checked(body, simulated=simulated, fewest=1)
    one_by_one = checked(body, simulated=simulated, fewest=10**9)
    assert isinstance(at_once, Batch)
    assert isinstance(one_by_one, Batch)
    for name in COLUMNS:
        mine, theirs = getattr(at_once, name), getattr(one_by_one, name)
        assert mine.dtype == theirs.dtype == np.int64, name
        assert mine.tolist() == theirs.tolist(), name
    assert at_once.refused == one_by_one.refused


def taken_at_once(body: bytes, *, sent: bool, now_ms: int) -> bool:
    items = next(iter(decode.slices(body, "application/json"))).items
    source = TABLES.sources[items[0].source]
    return alike.batch_of(items, source, TABLES, now_ms, AHEAD_MS, sent=sent) is not None


def test_what_machines_usually_send_is_taken_at_once() -> None:
    senders = {m.code: {a.code for a in PROFILE.assets if m.sent_by(a)} for m in PROFILE.metrics}
    boxed = [
        a.code for a in PROFILE.assets if a.kind == "camera" and all(a.code in senders[m] for m in BOXED)
    ]
    plain = tuple(
        a.code for a in PROFILE.assets if a.source == SOURCE and a.kind == "camera" and a.code not in boxed
    )
    single, packed = two_loads(Cameras(plain, tuple(boxed)), 2, 2, START)
    assert all(taken_at_once(b.content, sent=False, now_ms=START) for b in [*single, *packed])


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-11-22T08:00:00.000+07:00", "2026-11-22T23:59:59.999+07:00"],
        ["2026-11-22T00:00:00Z", "2026-11-22T12:34:56Z"],
        ["2026-11-22T08:00:00+07:00", "2026-11-22T08:00:59+07:00"],
    ],
)
def test_times_written_alike_are_read_as_each_by_itself(texts: Sequence[str]) -> None:
    found = parse_alike(texts)
    assert found is not None
    assert found.tolist() == [parse(text) for text in texts]


@given(st.lists(TIMES, min_size=1, max_size=6))
def test_times_are_never_read_otherwise_together_than_alone(texts: list[str]) -> None:
    found = parse_alike(texts)
    if found is not None:
        assert found.tolist() == [parse(text) for text in texts]
    elif len(texts) == 1 and texts[0][17:19] != "60":
        with pytest.raises(NotAnInstant):
            parse(texts[0])


@given(ALIKE, st.integers(0, 8), SHIFTS)
def test_times_that_are_cut_at_the_wrong_place_are_none(texts: list[str], at: int, by: int) -> None:
    moved = shifted(texts, at, by)
    found = parse_alike(moved)
    if moved == texts:
        assert found is None or found.tolist() == [parse(text) for text in texts]
    else:
        assert found is None


@pytest.mark.parametrize("name", ["time", "sent"])
def test_a_time_that_took_a_sign_of_its_neighbour_is_refused_at_the_door_with_it(
    demo: Bench, name: str
) -> None:
    texts = [zulu(START - 1000 * n) for n in range(10)]
    events = [event(n, CAMERAS[0], text, {"fps": 20.0}, sent=text) for n, text in enumerate(texts)]
    for one, text in zip(events, shifted(texts, 3, 1), strict=True):
        one[name] = text
    answer = demo.client(demo.token(SOURCE)).post("/api/v1/events", json=events).json()
    assert (answer["accepted"], [(e["index"], e["code"]) for e in answer["rejected"]]) == (
        8,
        [(3, "no_offset"), (4, "bad_time")],
    )
