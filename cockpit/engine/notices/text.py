"""What a notice says: a title, a few lines, and the same as Alertmanager has it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from cockpit.domain import instants
from cockpit.domain.catalog import Rule, Text
from cockpit.domain.notices import What
from cockpit.domain.numbers import AlertId
from cockpit.profiles import Profile
from cockpit.store.alerts import Alert

NEVER = "0001-01-01T00:00:00Z"
"""How Alertmanager says that something has not ended."""

SHOWN = 10
"""Alerts that a notice of many names."""


@cache
def words(language: str) -> dict[str, str]:
    """The sentences of notices in a language; the keys are the same in all."""
    found: dict[str, str] = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))
    return found


Rules = Mapping[AlertId, Rule]
"""The rule that each alert was born under; the profile's own where that was not kept."""


def compose(
    profile: Profile, language: str, what: What, alert: Alert, notice_id: str, data: dict[str, Any],
    rules: Rules,
) -> dict[str, Any]:  # fmt: skip
    """`data`: that of the line of the log. The body has title, text, type and alerts."""
    said, rule = words(language), rules.get(alert.id) or profile.rule.get(alert.rule)
    matter = _matter(profile, alert, language, rule)
    title = said[what].format(
        matter=matter, priority=said[alert.priority], role=said.get(str(data.get("to", "")), "")
    )
    if alert.simulated:
        title = said["simulated"].format(text=title)
    lines = [title, *_lines(profile, language, what, alert, data, rule)]
    lines.append(said["number"].format(n=alert.id, id=notice_id))
    kind = "success" if what == "resolved" else "failure" if alert.priority == "critical" else "warning"
    return {
        "title": title, "text": "\n".join(lines), "type": kind,
        "alerts": [_as_alertmanager(language, what, alert, title, rule)],
    }  # fmt: skip


def of_many(
    profile: Profile, language: str, alerts: Sequence[Alert], notice_id: str, rules: Rules, *, to: str = ""
) -> dict[str, Any]:
    """Many alerts that stand at once, or that were brought to a role at once, most urgent first."""
    said = words(language)
    title = said["risen" if to else "flood"].format(n=len(alerts), role=said.get(to, ""))
    if any(alert.simulated for alert in alerts):
        title = said["simulated"].format(text=title)
    told, lines = [], []
    for alert in alerts:
        rule = rules.get(alert.id) or profile.rule.get(alert.rule)
        matter = _matter(profile, alert, language, rule)
        told.append(_as_alertmanager(language, "firing", alert, matter, rule))
        lines.append(f"- {said['firing'].format(priority=said[alert.priority], matter=matter)}")
    if left := len(lines[SHOWN:]):
        lines[SHOWN:] = [said["rest"].format(n=left)]
    return {
        "title": title, "text": "\n".join([title, *lines, said["id"].format(id=notice_id)]),
        "type": "failure" if any(a.priority == "critical" for a in alerts) else "warning", "alerts": told,
    }  # fmt: skip


def trial(language: str, channel: str, notice_id: str, now: int) -> dict[str, Any]:
    """That a channel works. It is over as soon as it is told."""
    said = words(language)
    title = said["test"].format(channel=channel)
    text = said["test_text"].format(channel=channel)
    labels = {"alertname": "cockpit_test", "severity": "none"}
    return {
        "title": title, "text": f"{text}\n{said['id'].format(id=notice_id)}", "type": "info",
        "alerts": [{
            "status": "resolved", "labels": labels, "annotations": {"summary": title, "description": text},
            "starts": instants.iso(now - 1000), "ends": instants.iso(now), "fingerprint": fingerprint(labels),
        }],
    }  # fmt: skip


def of_the_cockpit(
    language: str, url: str, why: str, notice_id: str, since: int, back: int | None
) -> dict[str, Any]:
    """That the cockpit itself is silent since an instant of real time, or is back at one."""
    said = words(language)
    title = said["silent" if back is None else "silent_over"].format(url=url)
    lines = [title]
    if back is None:
        lines.append(said[f"silent_{why}"])
    lines.append(said["since"].format(at=instants.iso(since)))
    if back is not None:
        lines.append(said["ended"].format(at=instants.iso(back)))
    labels = {"alertname": "cockpit_silent", "severity": "critical", "instance": url}
    return {
        "title": title, "text": "\n".join([*lines, said["id"].format(id=notice_id)]),
        "type": "failure" if back is None else "success",
        "alerts": [{
            "status": "firing" if back is None else "resolved", "labels": labels,
            "annotations": {"summary": title, "description": lines[1]},
            "starts": instants.iso(since), "ends": instants.iso(back) if back is not None else NEVER,
            "fingerprint": fingerprint(labels),
        }],
    }  # fmt: skip


def _lines(
    profile: Profile, language: str, what: What, alert: Alert, data: dict[str, Any], rule: Rule | None
) -> list[str]:
    said = words(language)

    def at(ms: int) -> str:
        zone = timezone(timedelta(seconds=profile.utc_offset_s))
        return f"{datetime.fromtimestamp(ms // 1000, UTC).astimezone(zone):%H:%M %d/%m/%Y}"

    found = []
    if unit := profile.owner_name(alert.unit):
        found.append(said["where"].format(unit=unit.get(language)))
    if owner := (alert.owner_en if language == "en" and alert.owner_en else alert.owner):
        found.append(said["owner"].format(owner=owner))
    found.append(said["since"].format(at=at(alert.first_seen)))
    if what == "resolved":
        if alert.closed is not None:
            found.append(said["ended"].format(at=at(alert.closed)))
        return found
    found.append(said["due"].format(at=at(alert.due)))
    if rule is not None and rule.next_step.get(language):
        found.append(said["step"].format(step=rule.next_step.get(language)))
    if isinstance(after := data.get("after_s"), int):
        found.append(said["unheard"].format(n=-(-after // 60)))
    if note := str(data.get("note", "")):
        found.append(said["note"].format(note=note))
    return found


def _matter(profile: Profile, alert: Alert, language: str, rule: Rule | None) -> str:
    name = rule.name.get(language) if rule is not None else alert.rule
    subject = _subject(profile, alert).get(language)
    if not subject or name.casefold().startswith(subject.casefold()):
        return name
    return words(language)["matter"].format(rule=name, subject=subject)


def _subject(profile: Profile, alert: Alert) -> Text:
    """What it is about by name; a code that nobody knows stands for itself."""
    named = json.loads(alert.facts).get("name")
    if isinstance(named, dict):
        return Text(str(named.get("vi", "")), str(named.get("en", "")))
    if alert.asset in profile.asset:
        name = profile.asset[alert.asset].name
        return Text(name, name)
    if alert.subject_kind == "unit" and (unit := profile.owner_name(alert.subject)) is not None:
        return unit
    if alert.indicator in profile.indicator:
        return profile.indicator[alert.indicator].name
    if alert.source in profile.source and alert.subject_kind in ("", "source"):
        return profile.source[alert.source].name
    return Text(alert.subject, alert.subject)


def _as_alertmanager(
    language: str, what: What, alert: Alert, title: str, rule: Rule | None
) -> dict[str, Any]:
    labels = {
        "alertname": alert.rule, "severity": alert.priority, "subject": alert.subject or alert.asset,
        "subject_kind": alert.subject_kind, "unit": alert.unit, "source": alert.source,
        "alert": str(alert.id), "simulated": "true" if alert.simulated else "",
    }  # fmt: skip
    labels = {key: value for key, value in labels.items() if value}  # an empty label is none
    step = rule.next_step.get(language) if rule is not None else ""
    over = what == "resolved" and alert.closed is not None
    return {
        "status": "resolved" if what == "resolved" else "firing",
        "labels": labels,
        "annotations": {"summary": title, "description": step},
        "starts": instants.iso(alert.opened),
        "ends": instants.iso(alert.closed) if over and alert.closed is not None else NEVER,
        "fingerprint": fingerprint(labels),
    }


def fingerprint(labels: dict[str, str]) -> str:
    """16 hex digits of a set of labels."""
    said = "\x1f".join(f"{key}\x1e{labels[key]}" for key in sorted(labels))
    return hashlib.sha256(said.encode()).hexdigest()[:16]
