"""Every pair of a rule and a subject it watches, numbered so that causes come before symptoms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cockpit.domain.alerting import Timing, key_of, minutes, timing_of
from cockpit.domain.alerting.folding import (
    Subject,
    chain_of_asset,
    may_explain,
    node_of_source,
)
from cockpit.domain.alerting.minutes import timing_of_minutes
from cockpit.domain.alerting.skew import FEED_LEAST
from cockpit.domain.catalog import Asset, Indicator, Rule, RuleKind, Source
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.profiles import Profile

REFUSED_RANK, SILENCE_RANK, CAUSE_RANK, SYMPTOM_RANK = range(4)
"""On one and the same subject a lower rank explains a higher one."""

OF_ASSETS = ("asset_silent", "asset_skew", "group", "threshold")
OF_SOURCES = (
    "source_silent",
    "source_late",
    "source_lag",
    "source_duplicates",
    "source_flood",
    "source_refused",
    "asset_skew",  # of most of its devices
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A condition's place. `chain`: nodes above it, itself first (of an indicator: its sources);
    `source`: code of its source."""

    key: str
    rule: Rule
    timing: Timing
    subject: Subject
    rank: int
    explains: bool
    chain: tuple[str, ...]
    source: str
    unit: str
    rhythm_s: int
    lane: int  # time line that its instants lie on
    lead_ms: int = 0  # how long it may have been bad already when it is found to be


@dataclass(frozen=True, slots=True)
class Slots:
    """All slots in order, and where to find them. Assets and sources by position in the profile."""

    all: tuple[Slot, ...]
    by_key: dict[str, int]
    by_rule: dict[str, list[int]]
    assets: dict[str, dict[int, list[int]]]
    sources: dict[str, dict[int, list[int]]]
    indicator: dict[str, list[int]]

    def of_assets(self, kind: RuleKind) -> dict[int, list[int]]:
        """Slots of the rules of a kind, by position of the asset."""
        return self.assets.get(kind, {})

    def of_sources(self, kind: RuleKind) -> dict[int, list[int]]:
        """The same by position of the source."""
        return self.sources.get(kind, {})


def slots_of(profile: Profile) -> Slots:
    """Lay out the slots of a profile. Raises ValueError where assets depend on each other in a circle."""
    found: list[tuple[tuple[int, int, int], Slot]] = []
    below = Counter(a.depends_on for a in profile.assets)
    senders = Counter(a.source for a in profile.assets if a.rhythm_s)
    for number, rule in enumerate(profile.rules):
        if rule.kind in OF_ASSETS:
            for position, asset in enumerate(profile.assets):
                if not _watches(rule, asset, below[asset.code]):
                    continue
                chain = chain_of_asset(asset.code, profile.asset)
                if rule.kind == "group":
                    chain = chain[:1]  # inferred from what depends on it, whoever told that
                subject = Subject(asset=asset.code)
                slot = _slot(profile, rule, subject, chain, asset.source, asset.unit, asset.rhythm_s)
                found.append(((len(chain), number, position), slot))
        if rule.kind in OF_SOURCES:
            for position, source in enumerate(profile.sources):
                if not _judges(rule, source, senders[source.code]):
                    continue
                chain = (node_of_source(source.code),)
                subject = Subject(source=source.code)
                slot = _slot(profile, rule, subject, chain, source.code, "", source.rhythm_s)
                found.append(((0, number, position), slot))
        if rule.kind == "indicator":
            for position, indicator in enumerate(watched(profile, rule)):
                nodes = tuple(node_of_source(s) for s in indicator.sources)
                owner = indicator.sources[0] if indicator.sources else ""
                slot = _slot(profile, rule, Subject(indicator=indicator.code), nodes, owner, "", 0)
                found.append(((1000, number, position), slot))
    found.sort(key=lambda item: item[0])
    return _index(profile, tuple(slot for _, slot in found))


def _judges(rule: Rule, source: Source, senders: int) -> bool:
    """Whether a rule about feeds is about this one, with so many devices."""
    if rule.kind == "asset_skew" and (rule.asset_kind or senders < FEED_LEAST):
        return False
    return source.kind != "computed" and not (rule.kind == "source_flood" and not source.per_hour)


def _watches(rule: Rule, asset: Asset, below: int) -> bool:
    """Whether a rule about assets is about this one, with so many assets directly below it."""
    if rule.kind == "asset_skew":
        return asset.rhythm_s > 0 and rule.asset_kind in ("", asset.kind)
    if asset.kind != rule.asset_kind:
        return False
    if rule.kind == "group":
        return below >= rule.least
    return rule.kind == "threshold" or asset.rhythm_s > 0


def watched(profile: Profile, rule: Rule) -> list[Indicator]:
    """Indicators a rule is about: the one it names, or all of the home page that are judged."""
    if rule.metric:
        return [profile.indicator[rule.metric]] if rule.metric in profile.indicator else []
    return [i for i in profile.indicators if i.headline and i.target is not None and i.direction != "none"]


def _slot(
    profile: Profile,
    rule: Rule,
    subject: Subject,
    chain: tuple[str, ...],
    source: str,
    unit: str,
    rhythm_s: int,
) -> Slot:
    found = profile.source.get(source)
    real = found is not None and found.time == "real" and not subject.indicator
    return Slot(
        key=key_of(rule.code, subject.code),
        rule=rule,
        timing=timing_of_minutes(rule) if rule.kind in minutes.KINDS else timing_of(rule),
        subject=subject,
        rank=_rank(rule),
        explains=may_explain(rule) and not subject.indicator,
        chain=chain,
        source=source,
        unit=unit,
        rhythm_s=rhythm_s,
        lane=REAL if real else DOMAIN,
        lead_ms=_lead_ms(profile, rule, subject, found, rhythm_s),
    )


def _lead_ms(profile: Profile, rule: Rule, subject: Subject, source: Source | None, rhythm_s: int) -> int:
    """How far back the evidence of a cause reaches: to the last report that was good. What explains nothing
    begins with the first that is bad."""
    if rule.kind in minutes.KINDS:
        looked = minutes.minutes_of(rule, source) if source is not None and rule.cause else 1
        return looked * minutes.MINUTE_MS
    if not rule.cause:
        return 0
    if rule.kind == "threshold":
        return rhythm_s * 1000
    if rule.kind == "group":
        return max((a.rhythm_s for a in profile.assets if a.depends_on == subject.asset), default=0) * 1000
    if rule.kind == "asset_skew":  # the second wrong time is believed
        devices = (a.rhythm_s for a in profile.assets if subject.source and a.source == subject.source)
        return 2000 * (rhythm_s if subject.asset else max(devices, default=0))
    return 0


def _rank(rule: Rule) -> int:
    if rule.kind == "source_refused":
        return REFUSED_RANK  # a feed whose every event is refused seems silent, too
    if rule.kind in ("asset_silent", "source_silent"):
        return SILENCE_RANK
    return CAUSE_RANK if may_explain(rule) else SYMPTOM_RANK


def _index(profile: Profile, slots: tuple[Slot, ...]) -> Slots:
    assets = {a.code: i for i, a in enumerate(profile.assets)}
    sources = {s.code: i for i, s in enumerate(profile.sources)}
    out = Slots(slots, {}, {r.code: [] for r in profile.rules}, {}, {}, {})
    for number, slot in enumerate(slots):
        out.by_key[slot.key] = number
        out.by_rule[slot.rule.code].append(number)
        kind, subject = slot.rule.kind, slot.subject
        if subject.indicator:
            out.indicator.setdefault(subject.indicator, []).append(number)
        elif subject.asset:
            out.assets.setdefault(kind, {}).setdefault(assets[subject.asset], []).append(number)
        else:
            out.sources.setdefault(kind, {}).setdefault(sources[subject.source], []).append(number)
    return out
