"""Which alerts a fault must bring about, and by when: from the profile's rules by what their kinds claim,
from when devices send, and from nothing else. What is at the edge is allowed and not expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from cockpit.domain.alerting.claims import UNCLAIMED, Claim
from cockpit.domain.catalog import Rule, Source
from cockpit.domain.periods import DAY_MS, WORK_HOURS, is_workday
from simulator.kinds import KINDS
from simulator.play import Play
from simulator.transport import size_ms, size_of
from simulator.troubled import MORE, Trouble, on_the_way_ms
from simulator.world import Kind
from simulator.zone import Zone

SILENCE, OUTAGE, CLOCK, FEED_SILENCE = "silence", "outage", "clock", "feed_silence"
VALUES = VALUE, CHANGE, USUAL, ALL, ANY = "value", "change", "usual", "all", "any"
MINUTES = LAG, REPEATS, REFUSALS, FLOOD = "lag", "repeats", "refusals", "flood"
"""What rules may claim to find: a device that is silent, an outage inferred from what it supplies, a wrong
clock, a feed that is silent; a value beyond a limit, that changes fast, all or any of several
(`simulator.crossings`), or far from what was usual (`simulator.unusual`); and of a feed by its minutes."""

EDGE_MS = 300
"""Lengths of time closer than this to what a rule asks decide nothing."""

LAG_MS = 5_000
HIDING = ("stuck", "spike", "drift", "unit_mixup", "source_silent")


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that must be open by `by`. `onset`, `end`: of what it is about."""

    rule: str
    key: str
    by: int
    onset: int
    end: int


@dataclass(slots=True)
class Outlook:
    """What a fault brings about."""

    expected: list[Alert] = field(default_factory=list)
    may: set[str] = field(default_factory=set)


def key_of(rule: Rule, code: str) -> str:
    return f"{rule.code}|{code}"


class Expect:
    """Alerts to expect of faults in a play over [start, end)."""

    def __init__(self, play: Play, start: int, end: int, claims: Mapping[str, Claim]) -> None:
        self._claims = claims
        self._play, self._world, self._profile = play, play.world, play.profile
        self._start, self._end = start, end
        self._kinds = {k.code: k for k in play.world.kinds}
        self._at = {int(i): (k, n) for k in play.world.kinds for n, i in enumerate(k.index.tolist())}
        self.blurred: dict[str, set[str]] = {}
        """Keys of alerts that an episode hides or puts off, by its id."""
        self._hiding = [
            e
            for e in play.world.episodes
            if e.kind not in MORE and (KINDS[e.kind].group == "transport" or e.kind in HIDING)
        ]

    def outlook(self, trouble: Trouble) -> Outlook:
        """What a fault brings about, thresholds left out (`simulator.crossings`)."""
        found = Outlook()
        for rule in self._profile.rules:
            if trouble.kind not in rule.detects:
                continue
            claim = self._claims.get(rule.kind, UNCLAIMED).how
            if claim == SILENCE:
                self._silence(rule, trouble, found)
            elif claim == OUTAGE:
                self._group(rule, trouble, found)
            elif claim == CLOCK:
                self._skew(rule, trouble, found)
            elif claim == FEED_SILENCE:
                self._source_silent(rule, trouble, found)
            elif claim in MINUTES:
                self._feed(rule, claim, trouble, found)
        return found

    def within_ms(self, rule: Rule, rhythm_ms: int) -> int:
        """How long after it began an alert of a rule is open at the latest, the way of events not counted."""
        return self._claims.get(rule.kind, UNCLAIMED).within_ms(rule, rhythm_ms)

    def hidden(self, key: str, index: int, t0: int, t1: int, but: str = "") -> bool:
        """Whether a fault on the way, or a lying device, keeps what an asset says in [t0, t1) from being
        read as it is, so that the alert `key` comes at another time or not at all; that fault may then bring
        it about. `but`: the id of an episode that does not count."""
        asset, found = self._profile.assets[index], False
        for episode in self._hiding:
            if episode.id == but:
                continue
            there = episode.subject in (asset.code, asset.source) or asset.code in episode.touches
            if there and episode.start_ms < t1 and episode.end_ms + on_the_way_ms(episode) > t0:
                self.blurred.setdefault(episode.id, set()).add(key)
                found = True
        return found

    def _silence(self, rule: Rule, trouble: Trouble, found: Outlook) -> None:
        for index, gone, back in trouble.spans:
            asset = self._profile.assets[index]
            if asset.kind != rule.asset_kind or index not in self._at:
                continue
            kind, position = self._at[index]
            need = self.within_ms(rule, kind.rhythm_ms)
            whole = self._world.silence(gone // DAY_MS).span_at(index, gone) or (gone, back)
            key = key_of(rule, asset.code)
            if self._gap(kind, position, whole[0], whole[1]) < need - EDGE_MS:
                continue
            first = self._last_before(kind, position, gone)
            alone = self._gap(kind, position, gone, back) > need + EDGE_MS
            hidden = self.hidden(key, index, gone - need, gone + 2 * need)
            if hidden or first < self._start or whole[0] < gone or not alone:
                found.may.add(key)
            else:
                found.expected.append(Alert(rule.code, key, gone + need + LAG_MS, gone, back))

    def _last_before(self, kind: Kind, position: int, t: int) -> int:
        phase = int(kind.phase[position])
        return (t - 1 - phase) // kind.rhythm_ms * kind.rhythm_ms + phase

    def _gap(self, kind: Kind, position: int, gone: int, back: int) -> int:
        """From the last event received before a silence to the first one after it."""
        phase, rhythm = int(kind.phase[position]), kind.rhythm_ms
        steps = np.array([(gone - 1 - phase) // rhythm, -((phase - back) // rhythm)], dtype=np.int64)
        sent = steps * rhythm + phase
        sent += self._play.telemetry.wait(kind, np.array([position, position]), steps)
        return int(sent[1] - sent[0])

    def _group(self, rule: Rule, trouble: Trouble, found: Outlook) -> None:
        """An outage that is inferred: most of what depends on the cause must show it."""
        for root in trouble.roots:
            asset = self._profile.assets[root]
            if asset.kind != rule.asset_kind:
                continue
            members = [i for i in self._world.faults.children(root) if i in self._at]
            key = key_of(rule, asset.code)
            if len(members) < max(rule.least, 1):
                continue
            rhythm = max(self._at[i][0].rhythm_ms for i in members)
            by = trouble.onset + self.within_ms(rule, rhythm) + LAG_MS
            hidden = any(self.hidden(key, i, trouble.onset - rhythm, by) for i in members)
            episode = trouble.episode
            over = episode.end_ms if episode is not None else trouble.end
            if over < by or trouble.onset - self._start < rhythm + LAG_MS or hidden:
                found.may.add(key)
            else:
                found.expected.append(Alert(rule.code, key, by, trouble.onset, trouble.end))

    def _skew(self, rule: Rule, trouble: Trouble, found: Outlook) -> None:
        episode = trouble.episode
        if episode is None:
            return
        off, ahead_ms = size_ms(episode), round((rule.raise_at or 0) * 1000)
        zone = off < 0 and abs(off) % 1_800_000 == 0
        for root in trouble.roots:
            if root not in self._at:
                continue
            kind, _ = self._at[root]
            key = key_of(rule, self._profile.assets[root].code)
            need = self.within_ms(rule, kind.rhythm_ms) + LAG_MS
            begin = episode.start_ms + (
                episode.ramp_ms if off < 0 else _ramped(episode.ramp_ms, ahead_ms, off)
            )
            silent = self._quiet(root, begin - 2 * kind.rhythm_ms, begin + need)
            silent |= self.hidden(key, root, begin - 2 * kind.rhythm_ms, begin + need, episode.id)
            clear = off > 2 * ahead_ms or zone
            heard = begin - self._start > kind.rhythm_ms + LAG_MS or off > 0
            if clear and heard and not silent and episode.end_ms > begin + need:
                found.expected.append(Alert(rule.code, key, begin + need, begin, episode.end_ms))
            else:
                found.may.add(key)

    def _quiet(self, index: int, t0: int, t1: int) -> bool:
        """Whether an asset or its feed is silent at any instant of [t0, t1), by a look a rhythm."""
        step = max(self._at[index][0].rhythm_ms // 2, 5_000)
        t = np.arange(t0, t1 + step, step, dtype=np.int64)
        return bool(self._world.state("silent", np.array([index]), t).any())

    def _source_silent(self, rule: Rule, trouble: Trouble, found: Outlook) -> None:
        episode = trouble.episode
        source = self._profile.source.get(trouble.cause)
        if episode is None or source is None:
            return
        key = key_of(rule, source.code)
        due = working_due(source, self._world.zone, episode.start_ms, source.silent_s * 1000)
        due += self.within_ms(rule, source.rhythm_s * 1000)
        if episode.end_ms <= due - 3 * source.rhythm_s * 1000:
            return
        heard = episode.start_ms - self._start > 3 * source.rhythm_s * 1000
        if episode.end_ms > due + EDGE_MS and heard:
            found.expected.append(Alert(rule.code, key, due + LAG_MS, episode.start_ms, episode.end_ms))
        else:
            found.may.add(key)

    def _feed(self, rule: Rule, claim: str, trouble: Trouble, found: Outlook) -> None:
        """Rules that count events by minutes. Feeds too thin to count are at the edge."""
        episode = trouble.episode
        source = self._profile.source.get(trouble.cause)
        if episode is None or source is None:
            return
        key, strong, begin, until = key_of(rule, source.code), True, episode.start_ms, episode.end_ms
        at_hand = rule.raise_at or 0.0
        a_minute = source.per_hour / 60
        if claim == LAG:
            late_ms, delay = source.late_s * 1000, size_ms(episode)
            if delay < late_ms - LAG_MS:
                return
            strong = delay > 1.2 * late_ms and a_minute >= 0.1
            begin += _ramped(episode.ramp_ms, late_ms, delay) + (late_ms if episode.ramp_ms else delay)
            # Over when what arrives is in time again.
            until += -_ramped(episode.recovery_ms, late_ms, delay) + (
                late_ms if episode.recovery_ms else delay
            )
        elif claim == REPEATS:
            repeats = size_of(episode)
            strong = repeats > 2 * at_hand and repeats * a_minute > 2 * rule.least
            begin += 8_000
        elif claim == REFUSALS:
            # Readings of devices are refused, records are not.
            readings = sum(
                60 / a.rhythm_s for a in self._profile.assets if a.source == source.code and a.rhythm_s
            )
            strong = readings > 1.25 * at_hand * a_minute and 10 * readings > 2 * rule.least
        else:
            more = size_of(episode)
            strong = more > 1.25 * at_hand and more * a_minute > 2 * rule.least
        by = begin + self.within_ms(rule, source.rhythm_s * 1000) + LAG_MS
        others = any(
            e.id != episode.id and e.subject == source.code and e.start_ms < by and e.end_ms > begin
            for e in self._world.episodes
        )
        resting = source.calendar == "workdays"
        if strong and until > by and not others and not resting:
            found.expected.append(Alert(rule.code, key, by, begin, until))
        else:
            found.may.add(key)


def _ramped(ramp_ms: int, part: int, whole: int) -> int:
    """When something that rises in a straight line to `whole` reaches `part`."""
    return round(ramp_ms * min(abs(part) / max(abs(whole), 1), 1.0))


def working_due(source: Source, zone: Zone, since: int, span_ms: int) -> int:
    """When `span_ms` have passed on a source's calendar: office hours of working days, or whole working days
    for feeds that come by the day."""
    if source.calendar == "always":
        return since + span_ms
    left = span_ms
    for day in range(int(zone.day_of(since)), int(zone.day_of(since)) + 400):
        for a, b in _windows(day, zone, span_ms >= DAY_MS):
            a = max(a, since)
            if b <= a:
                continue
            if a + left <= b:
                return a + left
            left -= b - a
    return since + 400 * DAY_MS


def _windows(day: int, zone: Zone, whole: bool) -> Iterator[tuple[int, int]]:
    if not is_workday(day):
        return
    midnight = int(zone.day_start(day))
    if whole:
        yield midnight, midnight + DAY_MS
        return
    for a, b in WORK_HOURS:
        yield midnight + a * 60_000, midnight + b * 60_000
