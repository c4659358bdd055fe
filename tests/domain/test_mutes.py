"""What hides an alert: properties of the pure functions, and the life of an entry of the ledger."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting import ledger
from cockpit.domain.alerting.mutes import WHATS, Matcher, Mute, Taken, hiding, muted, turns, wide
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import MUTE, STATES
from cockpit.store.registers import facts_of


class Seen(NamedTuple):
    id: AlertId
    key: str
    rule: str
    priority: str
    asset: str
    unit: str


RULES, ASSETS, UNITS = ("r1", "r2"), ("a1", "a2", ""), ("u1", "u2", "")
ALERTS = st.builds(
    lambda number, rule, priority, asset, unit: Seen(
        AlertId(number), f"{rule}|{asset or unit}", rule, priority, asset, unit
    ),
    st.integers(1, 4), st.sampled_from(RULES), st.sampled_from(["high", "critical"]),
    st.sampled_from(ASSETS), st.sampled_from(UNITS),
)  # fmt: skip
MATCHERS = st.builds(
    Matcher,
    rule=st.sampled_from(["", *RULES]),
    asset=st.sampled_from(["", "a1", "a2"]),
    unit=st.sampled_from(["", "u1", "u2"]),
    key=st.sampled_from(["", "r1|a1", "r2|u1"]),
    alert=st.integers(0, 4),
)
MUTES = st.builds(
    lambda number, what, matcher, since, lasts, critical: Mute(
        number, what, matcher, since, since + lasts, since + critical, "Lan", "sửa"
    ),
    st.integers(1, 9), st.sampled_from(WHATS), MATCHERS, st.integers(0, 50), st.integers(1, 50),
    st.integers(0, 60),
)  # fmt: skip
LEDGERS = st.lists(MUTES, max_size=6)
T = st.integers(0, 120)


def takes(matcher: Matcher, alerts: list[Seen]) -> int:
    return sum(matcher.takes(alert) for alert in alerts)


@given(MUTES, st.lists(ALERTS, max_size=8), T)
def test_what_is_found_by_name_is_what_all_would_show(mute: Mute, alerts: list[Seen], t: int) -> None:
    found = Taken(alerts)
    assert found.by(mute.matcher) == [alert for alert in alerts if mute.matcher.takes(alert)]
    assert found.hidden(mute, t) == sum(mute.hides(alert, t) for alert in alerts)


@given(LEDGERS, ALERTS, T)
def test_it_is_hidden_by_what_stands_and_takes_it_and_by_nothing_else(
    mutes: list[Mute], alert: Seen, t: int
) -> None:
    standing = [m for m in mutes if m.since <= t < m.until and m.matcher.takes(alert)]
    shown = [m for m in standing if alert.priority == "critical" and t >= m.critical_until]
    found = hiding(mutes, alert, t)
    assert sorted(found) == sorted(m for m in standing if m not in shown)
    assert muted(mutes, alert, t) == min((m.what for m in found), key=WHATS.index, default="")


@given(LEDGERS, ALERTS)
def test_nothing_is_hidden_for_ever(mutes: list[Mute], alert: Seen) -> None:
    assert muted(mutes, alert, max((m.until for m in mutes), default=0)) == ""


@given(st.data(), LEDGERS, ALERTS, T)
def test_the_order_of_the_ledger_changes_nothing(
    data: st.DataObject, mutes: list[Mute], alert: Seen, t: int
) -> None:
    other = data.draw(st.permutations(mutes))
    assert muted(other, alert, t) == muted(mutes, alert, t)


@given(LEDGERS, MUTES, ALERTS, T)
def test_another_mute_shows_nothing_and_one_less_hides_nothing(
    mutes: list[Mute], one: Mute, alert: Seen, t: int
) -> None:
    assert set(hiding(mutes, alert, t)) <= set(hiding([*mutes, one], alert, t))


@given(LEDGERS, ALERTS, T, T)
def test_what_is_hidden_changes_at_the_turns_alone(
    mutes: list[Mute], alert: Seen, one: int, two: int
) -> None:
    after, upto = sorted((one, two))
    told = turns(mutes, after, upto)
    for t in range(after + 1, upto + 1):
        if muted(mutes, alert, t) != muted(mutes, alert, t - 1):
            assert t in told
    assert all(after < t <= upto for t in told)


@given(MATCHERS, st.lists(ALERTS, max_size=5))
def test_what_names_more_hides_no_more(matcher: Matcher, alerts: list[Seen]) -> None:
    assert Taken(alerts).by(Matcher()) == []
    for wider in (matcher._replace(rule=""), matcher._replace(asset=""), matcher._replace(unit="")):
        if not wider.empty:
            assert takes(matcher, alerts) <= takes(wider, alerts)


@given(MATCHERS, st.lists(ALERTS, min_size=1, max_size=5))
def test_what_is_wide_is_what_takes_every_alert_of_the_province(matcher: Matcher, alerts: list[Seen]) -> None:
    rules, units = ("r1",), ("u1",)
    here = [a._replace(rule="r1", unit="u1") for a in alerts]
    if wide(matcher, rules, units):
        assert matcher.empty or takes(matcher, here) == len(here)
    assert wide(Matcher(), RULES, UNITS)
    assert wide(Matcher(rule="r1"), ("r1",), UNITS)
    assert not wide(Matcher(rule="r1"), RULES, UNITS)
    assert not wide(Matcher(asset="a1"), ("r1",), ("u1",))


@given(MUTES.filter(lambda m: m.critical_until <= m.until), T)
def test_an_entry_holds_its_mute_and_goes_through_the_states_of_its_register(mute: Mute, t: int) -> None:
    begun = ledger.begun(mute, "u1", t)
    assert ledger.mute_of(begun.entry) == mute
    assert (begun.entry.kind, begun.entry.due, begun.entry.closed) == (MUTE, mute.until, None)
    assert begun.entry.state == ("active" if mute.since <= t else "planned")
    longer = mute._replace(until=mute.until + 5, actor="Minh")
    changed = ledger.changed(begun.entry, longer, t)
    assert ledger.mute_of(changed.entry) == longer
    started = ledger.started(changed.entry, t)
    over = ledger.ended(started.entry, t + 1, "engine", "expired")
    life = [begun, changed, started, over]
    assert [m.entry.version for m in life] == [1, 2, 3, 4]
    assert [m.seen for m in life] == [0, 1, 2, 3]
    assert all(m.entry.state in STATES[MUTE] and m.step.after == m.entry.state for m in life)
    assert (over.entry.state, over.entry.closed, over.entry.due) == ("ended", t + 1, None)


def test_what_is_kept_of_a_mute_is_plain_json() -> None:
    mute = Mute(1, "silence", Matcher(rule="r1"), 5, 10, 7, "Lan", "sửa")
    facts: dict[str, Any] = dict(ledger.begun(mute, "", 5).entry.facts)
    assert facts_of(
        '{"what":"silence","matchers":{"rule":"r1"},"since":5,"until":10,"critical_until":7,"reason":"sửa"}'
    ) == facts  # fmt: skip
