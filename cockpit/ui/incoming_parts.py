"""What another system of monitoring sent with its alert. Every word of it is a stranger's: it is shown as it
is written, nothing of it works."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.domain.alerting.subjects import INCOMING
from cockpit.ui import sheets
from cockpit.ui.marks import badge, escape
from cockpit.ui.plain import to_html
from cockpit.ui.words import t
from cockpit.views.alerts import Alert

FIRST = ("summary", "description")
"""Annotations that are read first, as Prometheus' own rules have them."""


def marks(alert: Alert) -> list[str]:
    """That it comes from outside, and whether it is still sent; nothing of an alert of our own."""
    if alert.subject_kind != INCOMING:
        return []
    found = [badge(t("alerts.outside"), "blue"), badge(escape(alert.subject))]
    if alert.stale:
        found.append(badge(t("alerts.outside_stale"), "orange"))
    return found


def body(alert: Alert) -> str:
    """What was sent, as HTML: what the rule there says, then all labels; "" of an alert of our own."""
    if alert.subject_kind != INCOMING:
        return ""
    annotations, labels = _texts(alert.facts.get("annotations")), _texts(alert.facts.get("labels"))
    parts = [f"<p>{to_html(escape(annotations[name]))}</p>" for name in FIRST if name in annotations]
    rest = [(name, value) for name, value in annotations.items() if name not in FIRST]
    if generator := str(alert.facts.get("generator") or ""):
        rest.append((t("alerts.outside_generator"), generator))
    rows = [(escape(name), escape(value)) for name, value in (*labels.items(), *rest)]
    heads = (t("alerts.outside_label"), t("alerts.outside_value"))
    told = sheets.table(heads, rows, alt=t("alerts.outside_alt"))
    return "".join(parts) + sheets.fold(t("alerts.outside_sent", n=len(labels)), told, key=f"sent-{alert.id}")


def _texts(found: object) -> Mapping[str, str]:
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
