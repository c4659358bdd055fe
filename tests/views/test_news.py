"""What is new to who looks, counted by an index: what happened before costs nothing."""

from __future__ import annotations

from cockpit.domain.visits import Visit
from cockpit.store import visits
from cockpit.views import news
from tests.store import inside
from tests.views.province import DAY, HOUR, NOW, Province

LAN = "Lan"


def looked(province: Province, ago: int) -> None:
    """Lan has looked last so long ago."""
    visit = Visit(NOW - ago, NOW - ago, None)
    inside.done(province.store, lambda conn: visits.keep(conn, LAN, visit))


def counted(province: Province) -> tuple[int, int, int]:
    told = news.build(province.ctx, LAN)
    return told.opened, told.over, told.unwatched


def test_what_opened_and_what_closed_since_the_last_look_is_news_and_nothing_else(province: Province) -> None:
    camera = province.kind("camera")[0].code
    looked(province, 3 * HOUR)
    province.alert(camera, "new", opened=NOW - HOUR)
    province.alert(camera, "came and went", opened=NOW - 2 * HOUR, closed=NOW - HOUR, close_reason="cleared")
    province.alert(camera, "went", opened=NOW - DAY, closed=NOW - HOUR, close_reason="cleared")
    province.alert(camera, "rule off", opened=NOW - DAY, closed=NOW - HOUR, close_reason="rule_off")
    province.alert(camera, "old", opened=NOW - 4 * HOUR)
    province.alert(camera, "long over", opened=NOW - DAY, closed=NOW - 4 * HOUR, close_reason="cleared")
    cause = province.alert(camera, "cause", opened=NOW - 4 * HOUR)
    province.alert(camera, "folded", opened=NOW - HOUR, cause=cause)
    province.alert(camera, "was folded", opened=NOW - HOUR, closed=NOW - 60_000, cause=cause)
    province.alert(camera, "muted", opened=NOW - HOUR, muted="rule_off")
    assert counted(province) == (2, 2, 1)


def test_an_alert_of_a_real_time_source_is_news_by_the_real_clock(province: Province) -> None:
    """That stands an hour ahead here."""
    real = next(s.code for s in province.profile.sources if s.time == "real")
    looked(province, 2 * HOUR)
    province.alert(real, "new", opened=NOW - HOUR + 1)
    province.alert(real, "old", opened=NOW - HOUR - 1)
    closed = {"opened": NOW - DAY, "close_reason": "cleared"}
    province.alert(real, "over", closed=NOW - HOUR + 1, **closed)
    province.alert(real, "long over", closed=NOW - HOUR - 1, **closed)
    assert counted(province) == (1, 1, 0)


def steps(province: Province) -> int:
    """Instructions that the database needs to count."""
    found = 0

    def step() -> int:
        nonlocal found
        found += 1
        return 0

    with province.store.read() as conn:
        conn.set_progress_handler(step, 1)
        try:
            news.of(province.ctx, conn, LAN)
        finally:
            conn.set_progress_handler(None, 0)
    return found


def test_what_closed_before_the_last_look_costs_nothing_to_count(province: Province) -> None:
    looked(province, 3 * HOUR)
    plain = {
        "rule": "camera-silent", "priority": "high", "source": "cam-vms", "subject_kind": "source",
        "subject": "cam-vms", "due": NOW, "close_reason": "cleared",
    }  # fmt: skip

    def put(first: int, number: int, ago: int) -> None:
        at = dict.fromkeys(("first_seen", "opened", "updated", "closed"), NOW - ago)
        many = [{**plain, **at, "key": f"x{n}"} for n in range(first, first + number)]
        inside.put_alerts(province.store, many)

    put(0, 10, HOUR)
    before = steps(province)
    put(10, 3_000, 5 * DAY)
    assert steps(province) == before
    put(3_010, 100, HOUR)
    more = steps(province) - before
    assert 0 < more < 100 * 100, "nor does what is counted need more than the index"
    assert counted(province) == (110, 110, 0)
