"""The real door takes all that the simulator writes: history by the file, live play after it."""

import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.instants import iso
from cockpit.ingest.door import Door
from cockpit.ingest.files import import_lines
from cockpit.profiles import Profile
from cockpit.store import Store
from simulator.episodes import Episode
from simulator.history import History
from simulator.play import Play
from simulator.reports import Reports
from simulator.world import World
from tests.simulator.conftest import ZONE, at
from tests.store import inside

UNTIL = at("2026-11-20T08:10:00")


@pytest.fixture
def store(district: Profile, tmp_path: Path) -> Iterator[tuple[Store, VirtualClock]]:
    clock = VirtualClock(UNTIL)
    made = Store(tmp_path / "cockpit.db", district, clock, writable=True)
    made.start()
    yield made, clock
    made.close()


def test_history_and_live_play_are_taken_without_a_single_refusal(
    district: Profile, store: tuple[Store, VirtualClock]
) -> None:
    made, clock = store
    door = Door(made, district, clock, simulated=True)
    play, past = Play(district, 7), io.BytesIO()
    History(play, 2, UNTIL, 0).write(past)
    first = import_lines(door, io.BytesIO(past.getvalue()))
    assert first.accepted > 5_000
    assert not first.refused, first.examples
    assert not first.duplicates
    live = [line.encode() for lines in play.stream(UNTIL, UNTIL + 60_000) for line in lines]
    second = import_lines(door, live)
    assert not second.refused, second.examples
    assert second.accepted == len(live)
    # The same minute once more, from another start: nothing is stored twice.
    again = [line.encode() for line in Play(district, 7).window(UNTIL, UNTIL + 60_000)]
    assert import_lines(door, again).duplicates == len(live)
    assert inside.tally_names(made, "dossier") >= {
        "received",
        "online",
        "digitised",
        "fee_bearing",
        "paid_online",
    }


def test_what_people_write_and_phones_kept_is_taken_too(
    district: Profile, store: tuple[Store, VirtualClock]
) -> None:
    made, clock = store
    door = Door(made, district, clock, simulated=True)
    onset = UNTIL - 5 * 3_600_000
    play = Play(district, 7, deaf="later")
    kinds = [
        *(("feeder_out", a.code) for a in district.assets if a.kind == "feeder"),
        *(("source_silent", code) for code in ("mot-cua", "dvcqg")),
        *((kind, f"hidden:{kind}:{u.code}") for u in district.units[:20] for kind in ("storm", "crowd")),
    ]
    play.obey(tuple(Episode(f"{k}:{s}", k, s, onset, 0, 6 * 3_600_000, 0) for k, s in kinds))
    lines = [
        line.encode()
        for chunk in [*play.daybook.window(onset, UNTIL), *play.samples.window(UNTIL - 600_000, UNTIL)]
        for line in chunk.lines
    ]
    assert sum(b'"kind":"feedback"' in line for line in lines) > 20
    assert sum(b'"cell"' not in line and b"ioc.sample" in line for line in lines) > 20
    report = import_lines(door, lines)
    assert not report.refused, report.examples
    assert report.accepted == len(lines)


def test_a_quarter_of_typed_reports_is_taken_from_the_sources_that_may_report_them(
    district: Profile, store: tuple[Store, VirtualClock]
) -> None:
    made, clock = store
    door = Door(made, district, clock, simulated=True)
    today, typed = int(ZONE.day_of(UNTIL)), Reports(World(district, 7))
    entries = [e for day in range(today - 92, today) for e in typed.day(day)]
    assert {e.source for e in entries} == {"bao-cao", "dti", "ke-hoach", "thi-dua", "thong-ke"}
    lines = [
        msgspec.json.encode(
            {
                "specversion": "1.0", "id": f"{e.n}", "source": e.source, "type": f"ioc.{e.type}",
                "subject": e.subject, "time": iso(e.time), "sent": iso(e.sent), "data": e.data,
            }
        )
        for e in entries
    ]  # fmt: skip
    report = import_lines(door, lines)
    assert not report.refused, report.examples
    assert report.accepted == len(lines)
