"""Rules: keys, levels of a value, timing, what is wrong with a rule."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import msgspec

from cockpit.domain.alerting.condition import Level, Timing
from cockpit.domain.catalog import Rule, Source, Text

MAX_OFF_MS = 30 * 86_400_000
"""A rule may be switched off for at most 30 days: nothing is muted for ever."""


def key_of(rule: str, subject: str) -> str:
    """Identity of a condition and of its alert: values, times and texts are never part of it."""
    return f"{rule}|{subject}"


def split(key: str) -> tuple[str, str]:
    """Rule and subject of a key."""
    rule, _, subject = key.partition("|")
    return rule, subject


def timing_of(rule: Rule) -> Timing:
    return Timing(rule.for_s * 1000, rule.keep_s * 1000)


def level_of(rule: Rule, value: float) -> Level:
    """Where a value stands against the two thresholds; the thresholds themselves are not crossed."""
    raise_at, clear_at = thresholds(rule)
    if rule.op == ">":
        return Level.RAISE if value > raise_at else Level.BAND if value > clear_at else Level.CLEAR
    return Level.RAISE if value < raise_at else Level.BAND if value < clear_at else Level.CLEAR


def thresholds(rule: Rule) -> tuple[float, float]:
    """Raise and clear threshold; clear is raise where the rule names none. Raises ValueError on a rule
    without a threshold, or whose clear threshold lies on the wrong side (it would flap for ever)."""
    if rule.op == "" or rule.raise_at is None:
        raise ValueError(f"rule {rule.code}: found no operator or threshold, expected both")
    clear_at = rule.raise_at if rule.clear_at is None else rule.clear_at
    if (clear_at - rule.raise_at) * (1 if rule.op == ">" else -1) > 0:
        side = "at or under" if rule.op == ">" else "at or over"
        raise ValueError(
            f"rule {rule.code}: found clear_at {clear_at}, expected {side} raise_at {rule.raise_at}"
        )
    return rule.raise_at, clear_at


SOURCE_OWNER, ENTRY_OWNER = "{source_owner}", "{entry_owner}"


def owner_of(rule: Rule, source: Source | None, entry: Text | None = None) -> Text:
    """Who has to act: `{source_owner}` stands for the owner of the source concerned, `{entry_owner}` for that
    of the `entry` of a register."""
    vi, en = rule.owner.vi, rule.owner.en
    for name, owner in ((SOURCE_OWNER, source.owner if source else None), (ENTRY_OWNER, entry)):
        if owner is not None:
            vi, en = vi.replace(name, owner.vi), en.replace(name, owner.en)
    return Text(vi, en)


@lru_cache(maxsize=4096)
def kept(rule: Rule) -> tuple[str, str]:
    """Digest and JSON of a rule as it is now, to be kept with the alerts that are born under it."""
    body = msgspec.json.encode(rule)
    return blake2b(body, digest_size=12).hexdigest(), body.decode()


@lru_cache(maxsize=4096)
def of_kept(body: str) -> Rule | None:
    """The rule of such a JSON; None where another version of the cockpit wrote what this one cannot read."""
    try:
        return msgspec.json.decode(body, type=Rule)
    except msgspec.MsgspecError:
        return None
