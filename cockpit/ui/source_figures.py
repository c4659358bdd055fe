"""What a source sends, as a table of figures, and its devices as a list."""

from __future__ import annotations

import streamlit as st

from cockpit.ui import figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.marks import quiet
from cockpit.ui.screen import phone
from cockpit.ui.status import FEEDS
from cockpit.ui.words import has, lang, t
from cockpit.views.source import SourceDetail
from cockpit.views.source_figures import Device, Devices, Sent

HIGH = 330
FULL_ROWS = 8
LEAST_HOURS = 3
"""Fewer are no course of a day."""


def sent(found: SourceDetail) -> None:
    """Every figure of the source with its newest value and how it went."""
    language = lang()
    counted = quiet(str(len(found.sent)))
    st.markdown(f"### {t('sources.sent', language)} {counted}", anchors=False)
    if not found.sent:
        st.markdown(quiet(t("sources.sent_none", language)))
        return
    rows = found.sent
    table = tables.arrow(
        {
            "name": [_name(one, language) for one in rows],
            "value": [figures.quantity(one.value, one.unit, one.decimals, language) for one in rows],
            "trend": [list(one.trend) for one in rows],
            "asof": [None if one.asof_ms is None else figures.naive(one.asof_ms) for one in rows],
        }
    )
    columns = {
        "name": tables.text_column(t("sources.sent_name", language), 200 if phone() else 420),
        "value": tables.text_column(t("sources.sent_value", language), 130, right=True),
        "trend": tables.trend_column(t("sources.sent_trend", language), 140),
        "asof": tables.instant_column(t("sources.sent_asof", language)),
    }
    alt = t("sources.sent_alt", language, source=found.source.name.get(language))
    high = HIGH if len(rows) > FULL_ROWS else None
    tables.show(table, columns, key=f"sent-{found.source.code}", alt=alt, height=high)


def by_hour(found: SourceDetail) -> None:
    """What the figures of a department's system were in each of the last hours, the newest first."""
    language = lang()
    shown = [one for one in found.sent if len(one.hours) >= LEAST_HOURS and one.n <= 1]
    if not shown:
        return
    hours = sorted({hour for one in shown for hour in one.hours}, reverse=True)
    st.markdown(f"### {t('sources.by_hour', language)} {quiet(str(len(hours)))}", anchors=False)
    cells: dict[str, list[object]] = {"hour": [figures.naive(hour) for hour in hours]}
    columns = {"hour": tables.instant_column(t("sources.hour", language))}
    for one in shown:
        means = dict(zip(one.hours, one.trend, strict=True))
        decimals = max(one.decimals, 0)
        cells[one.code] = [figures.quantity(means.get(hour), one.unit, decimals, language) for hour in hours]
        columns[one.code] = tables.text_column(one.name.get(language), 150, right=True)
    alt = t("sources.by_hour_alt", language, source=found.source.name.get(language))
    high = HIGH if len(hours) > FULL_ROWS else None
    tables.show(tables.arrow(cells), columns, key=f"hours-{found.source.code}", alt=alt, height=high)


def _name(one: Sent, language: str) -> str:
    if one.of == "samples":
        return t("sources.counted_samples", language)
    if one.of == "records":
        kind, name = one.code.split(".")
        key = f"sources.counted_{kind}_{name}"
        return t(key, language) if has(key) else t("sources.counted_other", language, kind=kind)
    if one.of == "report":
        about = figures.period(one.period, language) if one.period else ""
        return t("sources.sent_report", language, name=one.name.get(language), period=about).rstrip(" ·")
    if one.n > 1:
        return t("sources.sent_mean", language, name=one.name.get(language), n=one.n)
    return one.name.get(language)


def devices(found: SourceDetail) -> None:
    """Its devices by kind, those that are not heard first."""
    for kind in found.devices:
        _devices(kind, found.source.code)


def _devices(found: Devices, code: str) -> None:
    language, profile = lang(), cockpit().profile
    name = profile.kind[found.kind].name.get(language)
    st.markdown(f"### {name} {quiet(str(found.total))}", anchors=False)
    words = {state: t(f"feed.{state}", language) for state in FEEDS}
    table: dict[str, list[object]] = {
        "name": [d.asset.name for d in found.devices],
        "unit": [
            profile.unit[d.asset.unit].short if d.asset.unit in profile.unit else "" for d in found.devices
        ],
        "state": [tables.badge(FEEDS[d.state], words[d.state]) for d in found.devices],
        "last": [None if d.last is None else figures.naive(d.last) for d in found.devices],
    }
    columns = {
        "name": tables.text_column(t("sources.device", language), 260),
        "unit": tables.text_column(t("sources.device_unit", language), 150),
        "state": tables.badge_column(
            t("sources.device_state", language), {words[s]: look for s, look in FEEDS.items()}, 150
        ),
        "last": tables.instant_column(t("sources.device_last", language)),
    }
    for i, metric in enumerate(found.metrics):
        unit = "" if metric.unit == "1" else metric.unit
        decimals = len(str(metric.scale)) - 1
        values = [d.values[i] for d in found.devices]
        table[metric.code] = [figures.quantity(v, unit, decimals, language) for v in values]
        columns[metric.code] = tables.text_column(metric.name.get(language), 130, right=True)
    if any(d.record is not None for d in found.devices):
        table["record"] = [_record(d, language) for d in found.devices]
        columns["record"] = tables.text_column(t("sources.device_record", language), 360)
    alt = t("sources.devices_alt", language, kind=name)
    high = HIGH if found.total > FULL_ROWS else None
    tables.show(tables.arrow(table), columns, key=f"devices-{code}-{found.kind}", alt=alt, height=high)


def _record(device: Device, language: str) -> str:
    row = device.record
    if row is None:
        return figures.NOTHING
    title = row.fields.get("title")
    when = figures.instant(row.updated)
    return f"{when} · {title}" if isinstance(title, str) else when
