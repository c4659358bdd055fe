"""What really happened: every fault that was played, whom it reached, and which alerts it must bring about by
when. Apart from the events; it never travels over the wire. docs/scenarios.md describes the lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cockpit.domain.alerting.claims import UNCLAIMED, Claim
from cockpit.domain.catalog import Rule
from simulator.crossings import Run, changes, runs
from simulator.expect import ANY, CHANGE, LAG_MS, OUTAGE, USUAL, VALUE, VALUES, Alert, Expect, Outlook, key_of
from simulator.play import Play
from simulator.troubled import CYCLIC, Trouble, strikes_feed, troubles
from simulator.unusual import unusual
from simulator.zone import Zone

_VALUES = (
    "camera_loss", "camera_slow", "recorder_disk", "link_busy", "site_hot", "cell_busy", "cell_drops",
    "source_late",
)  # fmt: skip
"""Kinds that rise and fall: their fault is over when the value, or the lag, is right again."""

Reached = dict[str, list[Trouble]]


def truth_lines(
    play: Play, start: int, end: int, claims: Mapping[str, Claim], past_days: int = 0
) -> Iterator[bytes]:
    """Ordinary faults, episodes and values that cross a threshold by themselves, those that touch
    [start, end), by onset: one JSON object a line. `claims`: by kind of a rule, what its rules claim to
    find, and by when. `past_days`: days of a past that the cockpit knows, the one of `start` among them."""
    found = troubles(play, start, end)
    expect = Expect(play, start, end, claims)
    outlooks = {t.id: expect.outlook(t) for t in found}
    reached: Reached = {}
    for trouble in found:
        for code in trouble.affected:
            reached.setdefault(code, []).append(trouble)
    own: list[tuple[int, bytes]] = []
    for rule in play.profile.rules:
        if claims.get(rule.kind, UNCLAIMED).how in VALUES and rule.detects:
            for run in _runs(play, rule, claims, (start, end), past_days):
                alone = _place(play, expect, run, reached, outlooks)
                if alone is not None:
                    own.append((run.start, alone))
    groups = [r for r in play.profile.rules if claims.get(r.kind, UNCLAIMED).how == OUTAGE]
    _confusable(play, groups, found, outlooks)
    for name, keys in expect.blurred.items():
        if name in outlooks:
            outlooks[name].may |= keys
    lines = [line for t in found for line in _lines(t, outlooks[t.id], play.world.zone)]
    yield from (line for _, line in sorted([*lines, *own]))


def _runs(
    play: Play, rule: Rule, claims: Mapping[str, Claim], span: tuple[int, int], past_days: int
) -> list[Run]:
    """When a rule about values is broken; of a combination, where all its parts compare values."""
    claim = claims[rule.kind].how
    if claim == CHANGE:
        return changes(play.world, rule, *span)
    if claim == USUAL:
        return unusual(play, rule, *span, past_days)
    parts = [play.profile.rule[code] for code in rule.of]
    if any(claims.get(part.kind, UNCLAIMED).how != VALUE for part in parts):
        return []
    return runs(play.world, rule, *span, parts, every=claim != ANY)


def _place(
    play: Play, expect: Expect, run: Run, reached: Reached, outlooks: dict[str, Outlook]
) -> bytes | None:
    """Give a run to the fault that it is of, or to the one that explains it; else its own line of truth."""
    asset = play.profile.assets[run.asset]
    rule = play.profile.rule[run.rule]
    rhythm = asset.rhythm_s * 1000
    key, for_ms = key_of(rule, asset.code), rule.for_s * 1000
    since = run.since if run.sure else run.start
    alert = Alert(rule.code, key, since + expect.within_ms(rule, rhythm) + LAG_MS, run.start, run.end)
    hidden = expect.hidden(key, run.asset, run.start - rhythm, alert.by)
    sure = run.sure and not hidden
    near = [t for t in reached.get(asset.code, ()) if t.onset <= run.start and t.end + rhythm >= run.start]
    own = {run.asset, int(play.world.parents[run.asset])}  # the cells of an antenna tell of it
    claimed = [t for t in near if t.kind in rule.detects and not own.isdisjoint(t.roots)]
    if claimed:
        outlook = outlooks[claimed[-1].id]
        if sure:
            outlook.expected.append(alert)
        else:
            outlook.may.add(key)
        return None
    if any(t.end >= since + for_ms for t in near):
        return None  # below a fault: whatever opens here is explained by it
    return _line(
        f"natural:{rule.code}:{asset.code}:{run.start}", rule.detects[0], asset.code, [asset.code],
        run.start, run.end, "", [alert] if sure else [], [] if sure else [key], play.world.zone,
    )  # fmt: skip


def _confusable(
    play: Play, groups: list[Rule], found: Iterable[Trouble], outlooks: dict[str, Outlook]
) -> None:
    """Where other faults together put out most of what a group supplies, an outage of the group may be
    inferred: from outside nobody can tell."""
    world = play.world
    for rule in groups:
        struck: dict[int, list[tuple[Trouble, int]]] = {}
        for trouble in found:
            if trouble.kind in rule.detects or strikes_feed(trouble):
                continue
            for root in trouble.roots if trouble.kind == "power_loss" else {s[0] for s in trouble.spans}:
                parent = int(world.parents[root])
                if parent >= 0 and play.profile.assets[parent].kind == rule.asset_kind:
                    struck.setdefault(parent, []).append((trouble, root))
        for parent, rows in struck.items():
            members = len(world.faults.children(parent))
            for trouble, _ in rows:
                # Distress is seen up to two rhythms after it is over.
                late = 2 * max(play.profile.assets[r].rhythm_s for _, r in rows) * 1000
                down = {r for t, r in rows if t.onset <= trouble.end + late and t.end + late >= trouble.onset}
                if len(down) >= rule.least and len(down) > (rule.raise_at or 0.0) * members:
                    outlooks[trouble.id].may.add(key_of(rule, play.profile.assets[parent].code))


def _lines(trouble: Trouble, outlook: Outlook, zone: Zone) -> Iterator[tuple[int, bytes]]:
    """A fault's line. One that comes and goes has a line for the whole and one for each time it must be
    noticed."""
    expected = sorted(outlook.expected, key=lambda a: (a.by, a.key))
    often = trouble.kind in CYCLIC or len({a.key for a in expected}) < len(expected)
    # What several rules say of one value ends for each at its own time: a room that is hot heats up no more.
    often |= trouble.kind in _VALUES and len(expected) > 1
    end = trouble.end
    if trouble.kind in _VALUES and expected and not often:
        end = max(a.end for a in expected)
    may, affected = sorted(outlook.may), list(trouble.affected)
    yield (
        trouble.onset,
        _line(
            trouble.id, trouble.kind, trouble.cause, affected, trouble.onset, max(end, trouble.onset),
            trouble.scenario, [] if often else expected, may, zone,
        ),
    )  # fmt: skip
    for n, alert in enumerate(expected if often else (), 1):
        yield (
            alert.onset,
            _line(
                f"{trouble.id}:{n}", trouble.kind, trouble.cause, affected, alert.onset, alert.end,
                trouble.scenario, [alert], may, zone,
            ),
        )  # fmt: skip


def _line(
    name: str, kind: str, cause: str, affected: list[str], onset: int, end: int, scenario: str,
    expected: list[Alert], may: list[str], zone: Zone,
) -> bytes:  # fmt: skip
    return (
        msgspec.json.encode(
            {
                "id": name,
                "kind": kind,
                "cause": cause,
                "affected": affected,
                "onset": zone.iso(onset),
                "end": zone.iso(end),
                "scenario": scenario,
                "expected": [{"rule": a.rule, "key": a.key, "by": zone.iso(a.by)} for a in expected],
                "may": may,
            }
        )
        + b"\n"
    )
