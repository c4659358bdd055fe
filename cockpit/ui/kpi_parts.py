"""The figures about alerts: verdict, each with its target and how it is reckoned, who is busiest."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.domain.alerting import kpis
from cockpit.domain.alerting.kpis import Kpis
from cockpit.ui import choose, figures, sheets
from cockpit.ui.marks import escape, lines, quiet
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import LOOKS
from cockpit.ui.words import lang, t
from cockpit.views.alarm_kpis import DAYS, AlarmKpisView, Judged, Span

BANDS = (("0", 0, 0), ("1–2", 1, 2), ("3–5", 3, 5), ("6–10", 6, 10), ("> 10", 11, 10**9))
"""Alerts in a window, in bands that are shown."""


def span() -> Span:
    """Over how long."""
    return choose.one("span", tuple(DAYS), t("kpis.span"), lambda name: t(f"kpis.span_{name}"))


def verdict(view: AlarmKpisView) -> str:
    """Whether one desk can handle what comes: HTML."""
    k = view.kpis
    if k is None or not k.windows:
        return f'<h1 class="verdict">{to_html(t("kpis.none"))}</h1>'
    bad = [name for name, how in view.judged.items() if how == "red"]
    look = LOOKS["red" if "mean" in bad or "flooded" in bad else "orange" if bad else "green"]
    said = t("kpis.verdict", n=k.n, mean=figures.number(k.mean, 1), peak=figures.number(k.peak))
    under = t("kpis.bad", n=len(bad)) if bad else t("kpis.good")
    if not view.whole:
        under += " " + t(
            "kpis.since_past" if k.reckoned else "kpis.since", when=figures.instant(k.since, view.now_ms)
        )
    if k.reckoned:
        under += " " + t("kpis.reckoned", n=k.reckoned)
    return f'<h1 class="verdict">{mark(look)}{to_html(said)}</h1>{sheets.quiet(under)}'


def figures_of(view: AlarmKpisView) -> str:
    """All figures with their targets, judgement and definition: HTML."""
    k, judged = view.kpis, view.judged
    if k is None:
        return ""
    rows = [
        _row("mean", figures.number(k.mean, 1), judged, n=figures.number(kpis.MANAGEABLE)),
        _row("peak", _peak(k, view.now_ms), judged, n=kpis.FLOOD),
        _row("flooded", figures.percent(k.flooded, 1), judged, n=figures.percent(kpis.MOST_FLOODED)),
        _row("floods", figures.number(k.floods), judged),
        _row("standing", figures.number(k.standing), judged, n=kpis.MOST_STANDING),
        _row("fleeting", figures.number(k.fleeting), judged),
        _row("chattering", figures.number(len(k.chattering)), judged),
        _row("top", figures.percent(k.top_share) if k.n else figures.NOTHING, judged),
        _row("mix", _mix(k), judged),
        _row("muted", figures.number(view.muted), judged),
    ]
    heads = (t("kpis.col_figure"), t("kpis.col_value"), t("kpis.col_target"))
    head = f"<h2>{to_html(t('kpis.figures'))}</h2>"
    return head + sheets.table(heads, rows, alt=t("kpis.figures_alt"), whole=True)


def _row(name: str, value: str, judged: Mapping[str, Judged], **target: str | int) -> tuple[str, ...]:
    look = LOOKS[judged[name]] if name in judged else None
    shown = f":{look.tone}[{look.glyph}] **{value}**" if look is not None else f"**{value}**"
    told = lines(t(f"kpis.{name}"), quiet(t(f"kpis.{name}_how")))
    return told, shown, t(f"kpis.{name}_target", None, **target)


def _peak(k: Kpis, now_ms: int) -> str:
    if k.peak_at is None:
        return figures.number(k.peak)
    return f"{figures.number(k.peak)} ({figures.compact(k.peak_at, now_ms)})"


def _mix(k: Kpis) -> str:
    if not k.n:
        return figures.NOTHING
    return " / ".join(figures.percent(k.mix[name] / k.n) for name in kpis.IDEAL)


def taken(view: AlarmKpisView) -> str:
    """How soon alerts were acknowledged, by priority: HTML."""
    k = view.kpis
    rows = [
        (
            t(f"priority.{one.priority}"),
            t("kpis.of", taken=figures.number(one.taken), all=figures.number(one.n)),
            figures.NOTHING if one.p50 is None else figures.span(one.p50 / 1000),
            figures.NOTHING if one.p95 is None else figures.span(one.p95 / 1000),
        )
        for one in (k.taken if k else ())
    ]
    head = f"<h2>{to_html(t('kpis.taken'))}</h2>"
    if not rows:
        return head + sheets.quiet(t("kpis.nothing_came"))
    heads = (t("kpis.col_priority"), t("kpis.col_taken"), t("kpis.col_p50"), t("kpis.col_p95"))
    return head + sheets.table(heads, rows, alt=t("kpis.taken_alt"), figures=True)


def busiest(view: AlarmKpisView) -> str:
    """What came most often: HTML."""
    k, language = view.kpis, lang()
    head = f"<h2>{to_html(t('kpis.busiest'))}</h2>"
    if k is None or not k.top:
        return head + sheets.quiet(t("kpis.nothing_came"))
    rows = []
    for busy in k.top:
        rule, about = view.rules.get(busy.rule), busy.key.partition("|")[2]
        name = rule.get(language) if rule else busy.rule
        rows.append((escape(f"{name} · {about}" if about else name), figures.number(busy.n)))
    heads = (t("kpis.col_what"), t("kpis.col_times"))
    return head + sheets.table(heads, rows, alt=t("kpis.busiest_alt"), figures=True, whole=True)


def spread(view: AlarmKpisView) -> str:
    """How many windows of ten minutes had how many alerts, for an average hides floods: HTML."""
    k = view.kpis
    rows = []
    for label, low, high in BANDS if k is not None and k.windows else ():
        n = sum(windows for count, windows in k.spread if low <= count <= high) if k else 0
        rows.append((label, figures.number(n), figures.percent(n / k.windows, 1) if k else ""))
    heads = (t("kpis.col_alerts"), t("kpis.col_windows"), t("kpis.col_share"))
    head = f"<h2>{to_html(t('kpis.spread'))}</h2>"
    return head + sheets.table(heads, rows, alt=t("kpis.spread_alt"), figures=True, whole=True)
