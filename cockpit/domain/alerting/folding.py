"""Which open alert explains which: symptoms are folded under the topmost open cause above them.

Above an asset stand the assets it depends on, then its own source: what a silent source would have
told us is not known, so its assets' alerts are its symptoms. A device that only seems silent because
its source is silent explains nothing about the devices below it.

A cause begins before its effects, by what is evidence of either, however late that was found: a symptom that
was there before by more than one of its own rhythms, within which nobody looked, has another cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cockpit.domain.alerting.subjects import ASSET, SOURCE, Subject
from cockpit.domain.catalog import Asset
from cockpit.domain.numbers import AlertId

HOLD_MS = 60_000
"""How long symptoms stay folded after their cause has closed: things come back one after the other."""


FAR = 2**62
"""Later than any instant."""

UNSEEN_MS = 60_000
"""Rhythm of what has none of its own, such as an indicator: it is judged so often."""


@dataclass(frozen=True, slots=True)
class Cause:
    """An open alert that may explain others."""

    alert: AlertId
    node: str  # where in the graph it stands
    hearsay: bool  # known only by absence through a source: void while that source is silent itself
    source: str  # node of the source it is known through
    only: str = ""  # below its own node it explains only alerts of rules of this kind
    since: int = 0  # when it began (ms)
    upto: int = FAR  # how late a cause of its own may have begun
    parts: frozenset[str] = frozenset()  # it combines these rules and explains only their alerts, at its node
    rule: str = ""


def node_of_asset(code: str) -> str:
    return Subject(ASSET, code).node


def node_of_source(code: str) -> str:
    return Subject(SOURCE, code).node


def chain_of_asset(code: str, assets: Mapping[str, Asset]) -> tuple[str, ...]:
    """Nodes above an asset, itself first, its source last. Raises ValueError on a cycle."""
    nodes: list[str] = []
    at = code
    while at:
        node = node_of_asset(at)
        if node in nodes:
            raise ValueError(f"asset {code}: depends on itself through {at}")
        nodes.append(node)
        at = assets[at].depends_on if at in assets else ""
    own = assets.get(code)
    if own is not None and own.source:
        nodes.append(node_of_source(own.source))
    return tuple(nodes)


def latest(begun: int, rhythm_s: int) -> int:
    """How late the cause may have begun of what began at `begun` and is looked at in this rhythm (ms)."""
    return begun + (rhythm_s * 1000 or UNSEEN_MS)


def topmost(
    chain: Iterable[str],
    alert: AlertId,
    rank: int,
    causes_at: Callable[[str], Iterable[tuple[int, Cause]]],
    silent: Callable[[str, int], bool],
    kind: str = "",
    upto: int = FAR,
    rule: str = "",
    rests_on: frozenset[str] = frozenset(),
) -> AlertId | None:
    """Id of the topmost open cause above an alert of this rule and kind that began by `upto`, or None.

    `causes_at(node)` gives (rank, cause) of the open causes at a node; on the alert's own node only
    causes of a lower rank explain it, so that two alerts never explain each other. `silent(node, upto)`
    tells whether an alert on the silence of that source is open that began by `upto`. `rests_on`: rules that
    this one combines, directly or not, which never explain it, so that nothing explains itself.
    """
    found: AlertId | None = None
    for position, node in enumerate(chain):
        best: tuple[int, AlertId] | None = None
        for cause_rank, cause in causes_at(node):
            if cause.parts:  # what is combined is a part of the matter, whenever it began
                if position == 0 and rule in cause.parts and (best is None or cause_rank < best[0]):
                    best = cause_rank, cause.alert
                continue
            if position == 0 and cause.rule in rests_on:
                continue
            if cause.alert == alert or cause.since > upto or (position == 0 and cause_rank >= rank):
                continue
            if position and cause.only and cause.only != kind:
                continue
            if cause.hearsay and silent(cause.source, cause.upto):
                continue
            if best is None or (cause_rank, cause.alert) < best:
                best = cause_rank, cause.alert
        if best is not None:
            found = best[1]
    return found
