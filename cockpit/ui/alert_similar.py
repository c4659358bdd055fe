"""What was like an alert before, and how it ended; and the mark of what was only reckoned afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.ui import figures, sheets
from cockpit.ui.alert_words import close_reason, matter
from cockpit.ui.links import to
from cockpit.ui.marks import badge, escape
from cockpit.ui.plain import to_html
from cockpit.ui.words import has, t
from cockpit.views.alert import AlertDetail
from cockpit.views.alerts import Alert


def code(alert: int) -> str:
    """An alert by its number."""
    return t("alerts.code", id=str(alert)) if alert > 0 else t("alerts.code_reckoned", id=str(-alert))


def marks(alert: Alert) -> list[str]:
    """Markdown of the badge of one that nobody watched; none for any other."""
    return [badge(t("alerts.reckoned"), "gray", "history")] if alert.reckoned else []


def note(alert: Alert) -> str:
    """What that means: HTML."""
    return sheets.quiet(t("alerts.reckoned_why")) if alert.reckoned else ""


def similar(found: AlertDetail, now_ms: int, query: Mapping[str, str]) -> str:
    """Those that have closed, on the same matter first: HTML."""
    if not found.similar:
        return sheets.quiet(t("alerts.similar_none"))
    lines = "".join(f"<li>{_line(one, found.alert, now_ms, query)}</li>" for one in found.similar)
    label = t("alerts.similar", n=len(found.similar))
    return sheets.fold(label, f"<ul>{lines}</ul>", key=f"similar-{found.alert.id}")


def _line(one: Alert, here: Alert, now_ms: int, query: Mapping[str, str]) -> str:
    same = one.subject == here.subject
    title = t("alerts.similar_same") if same else matter(one)
    told = [figures.compact(one.opened, now_ms)]
    if one.closed is not None:
        told.append(t("alerts.lasted", span=figures.span(max(0, one.closed - one.opened) / 1000)))
    ending = f"acting.outcome_{one.outcome}"
    told.append(t(ending) if one.outcome and has(ending) else close_reason(one))
    place = f", {one.place}" if one.place and not same else ""
    link = f'<a href="{to("alerts", query, id=str(one.id))}">{to_html(escape(title + place))}</a>'
    return f"{link} {to_html(escape(' · '.join(told)))} {to_html(' '.join(marks(one)))}"
