"""Why a rule fires on a subject, or why it is quiet: the evaluation of now, and what stands over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cockpit.domain import incoming
from cockpit.domain.alerting import Level, key_of
from cockpit.domain.alerting.mutes import RULE_OFF, Mute, hiding
from cockpit.domain.alerting.subjects import INCOMING, Subject
from cockpit.domain.catalog import Rule, Text
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import KINDS, code_of
from cockpit.engine.kinds import kind_of
from cockpit.engine.why import Evaluated, Part, evaluate, watched
from cockpit.store import mutes
from cockpit.store.handles import Read
from cockpit.store.incoming import at_work
from cockpit.store.queries import alerts as q
from cockpit.store.queries import why as conditions
from cockpit.store.queries.registers import open_entries
from cockpit.views.alerts import Alert, named
from cockpit.views.context import ViewContext

KEEP_S = 5.0
"""It is reckoned as after a restart, which takes longer than looking something up."""

State = Literal[
    "not_watched",
    "not_announced",
    "no_data",
    "clear",
    "between",
    "pending",
    "waiting",
    "firing",
    "recovering",
]
LEVELS: dict[Level, Literal["good", "between", "bad", "unknown"]] = {
    Level.CLEAR: "good", Level.BAND: "between", Level.RAISE: "bad", Level.GONE: "unknown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Why:
    """Where a rule stands on a subject at `at` (ms on its clock). `since`: when the state began, where it
    is known; `left_s`: how long `for_s` or `keep_s` still asks; `value` in the measure of the thresholds;
    `hidden`: what hides its alert, or would if one opened; `cause`: what the alert is folded under."""

    rule: Rule
    subject_kind: str
    subject: str
    subject_name: Text
    state: State
    level: Literal["good", "between", "bad", "unknown"]
    at: int | None
    value: float | None
    since: int | None
    left_s: float | None
    facts: Mapping[str, Any]
    parts: tuple[Part, ...]
    figure: str  # status of the figure that is judged, "" where none is
    alert: Alert | None  # that is open
    cause: Alert | None
    hidden: tuple[Mute, ...]


class _Would(NamedTuple):
    """What of an alert that is not open tells whether a mute would hide it."""

    id: AlertId
    key: str
    rule: str
    priority: str
    asset: str
    unit: str


def build(ctx: ViewContext, rule: Rule, subject: Subject) -> Why:
    """Why, of any rule and anything that alerts can be about."""
    found = evaluate(ctx.store, ctx.profile, rule, subject)
    key = key_of(rule.code, subject.code)
    with ctx.store.read() as conn:
        row = conditions.open_under(conn, key) if found is not None else None
        causes = [] if row is None or row.cause is None else [q.one(conn, row.cause)]
        told = named(ctx, conn, [r for r in (row, *causes) if r is not None])
        standing = conditions.condition(conn, key) if found is not None else None
        would = _Would(AlertId(0), key, rule.code, rule.priority, subject.asset, _unit(ctx, subject))
        hidden = hiding(_mutes(ctx, conn), row if row is not None else would, ctx.now_ms)
    alert = told[0] if row is not None else None
    state, since, left_s = _stands(rule, found, standing)
    return Why(
        rule=rule,
        subject_kind=subject.kind,
        subject=_code(subject),
        subject_name=name_of(ctx, subject),
        state=state,
        level=LEVELS[found.level if found is not None else Level.GONE],
        at=found.t if found is not None else None,
        value=found.value if found is not None else None,
        since=alert.since if alert is not None and state == "firing" else since,
        left_s=left_s,
        facts=found.facts if found is not None else {},
        parts=found.parts if found is not None else (),
        figure=found.figure if found is not None else "",
        alert=alert,
        cause=told[1] if len(told) > 1 else None,
        hidden=tuple(hidden),
    )


def subjects(ctx: ViewContext, rule: Rule) -> tuple[tuple[str, Text], ...]:
    """Code and name of everything that the rule watches, open entries of registers and alerts of other
    systems among them."""
    found = list(watched(ctx.profile, rule))
    if not found:
        with ctx.store.read() as conn:
            if kind_of(rule).of_incoming:
                return tuple((_code(told.subject), Text(told.name, told.name)) for told in at_work(conn))
            entries = open_entries(conn, rule.metric) if rule.metric in KINDS else []
        found = [entry.subject for entry in entries]
    return tuple((_code(subject), name_of(ctx, subject)) for subject in found)


def _stands(
    rule: Rule, found: Evaluated | None, standing: conditions.ConditionNow | None
) -> tuple[State, int | None, float | None]:
    """State, since when, and how many seconds it still takes."""
    if found is None:
        return "not_watched", None, None
    if not rule.announce:
        return "not_announced", None, None
    if standing is None:
        quiet: dict[Level, State] = {Level.GONE: "no_data", Level.BAND: "between"}
        return quiet.get(found.level, "clear"), None, None
    passed = found.t - standing.since
    if standing.state == "pending":
        left = found.timing.for_ms - passed
        return ("pending" if left > 0 else "waiting"), standing.since, max(0, left) / 1000
    if standing.state == "recovering":
        return "recovering", standing.since, max(0, found.timing.keep_ms - passed) / 1000
    return "firing", standing.since, None


def _mutes(ctx: ViewContext, conn: Read) -> list[Mute]:
    """All mutes; a rule that is off counts once, as the ledger has it."""
    kept = [k.mute for k in mutes.open_ones(conn)]
    noted = {m.matcher.rule for m in kept if m.what == RULE_OFF}
    return kept + [mutes.of_off(off) for off in q.rules_off(conn, ctx.now_ms) if off.rule not in noted]


def _unit(ctx: ViewContext, subject: Subject) -> str:
    asset = ctx.profile.asset.get(subject.asset)
    return subject.unit if asset is None else asset.unit


def _code(subject: Subject) -> str:
    return f"{subject.kind}-{subject.code}" if subject.kind in (*KINDS, INCOMING) else subject.code


def name_of(ctx: ViewContext, subject: Subject) -> Text:
    profile, code = ctx.profile, subject.code
    if subject.asset in profile.asset:
        return Text(profile.asset[code].name, profile.asset[code].name)
    if subject.source in profile.source:
        return profile.source[code].name
    if subject.indicator in profile.indicator:
        return profile.indicator[code].name
    if subject.unit in profile.unit:
        return Text(profile.unit[code].name, profile.unit[code].name)
    entry = (
        incoming.code_of(subject.code) if subject.kind == INCOMING else code_of(subject.kind, subject.code)
    )
    return Text(entry, entry)
