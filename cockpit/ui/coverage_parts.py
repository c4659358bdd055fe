"""Parts of the coverage screen: verdict, filters, map, the weakest places."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pydeck as pdk
import streamlit as st

from cockpit.domain.coverage import CellClass
from cockpit.domain.periods import to_date
from cockpit.domain.registers import GAP, code_of
from cockpit.store.outside import CELL
from cockpit.ui import choose, figures, gap_map, live, maps, nav, request_ask, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import frozen, kept
from cockpit.ui.marks import escape, icon, quiet, swatch
from cockpit.ui.status import GRAY, GREEN, ORANGE, RED, Look
from cockpit.ui.words import lang, t
from cockpit.views import coverage_shown
from cockpit.views.coverage import ANY, CLASSES, MAX_HEXES, CoverageView, Place
from cockpit.views.coverage_shown import MEASURES

LOOKS: dict[CellClass, Look] = {
    "bad": Look("report", "■", RED, "square", "red"),
    "weak": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "samples": Look("help", "◌", GRAY, "circle", "gray"),
    "good": Look("check_circle", "●", GREEN, "circle", "green"),
}
STYLES: dict[CellClass, str] = {"bad": "bad", "weak": "weak", "samples": "few", "good": "good"}
SHOWN: tuple[CellClass, ...] = ("bad", "weak", "samples")
PLACES = 50
EVERY_DAY = "all"


def operator_name(code: str) -> str:
    """The operator's name, or "any"."""
    return cockpit().profile.operators.get(code, code) if code != ANY else t("coverage.operator_any")


def operator() -> str:
    """Draw the choice of the operator; returns its code, or `ANY`."""
    chosen = choose.one(
        "operator",
        ["any", *cockpit().profile.operators],
        t("coverage.operator"),
        lambda code: escape(operator_name(ANY if code == "any" else code)),
        hide=False,
    )
    return ANY if chosen == "any" else chosen


def shown(view: CoverageView, unit: str) -> CoverageView:
    """Draw the choices of what is measured and of which day; the view with the hexagons of these."""
    language = lang()
    days = {to_date(day).isoformat(): day for day in view.days}
    options = MEASURES if view.levels else MEASURES[:1]
    measure = choose.one(
        "measure", options, t("coverage.measure"), lambda m: t(f"coverage.measure_{m}"), hide=False
    )
    chosen = choose.pick_one(
        "day",
        [EVERY_DAY, *days],
        t("coverage.day"),
        lambda d: figures.period(d, language) if d != EVERY_DAY else t("coverage.day_all", language),
        width=170,
    )
    day = days.get(chosen, 0)
    if measure == "signal" and not day:
        return view
    return live.view(coverage_shown.build, view.operator, measure, day, unit)


def classes(view: CoverageView) -> tuple[CellClass, ...]:
    """Draw the choice of classes to show."""
    return choose.many(
        "class",
        CLASSES,
        t("coverage.classes"),
        lambda c: (
            f"{LOOKS[c].glyph} {t('coverage.pill', name=t(f'coverage.class_{c}'), n=view.hex_counts[c])}"
        ),
        default=SHOWN,
        hide=False,
    )


def verdict(view: CoverageView) -> str:
    """The first line of the page."""
    judged = sum(view.hex_counts[c] for c in ("bad", "weak", "good"))
    if not judged and not view.places:
        return f"# {icon('help', 'gray')} {t('coverage.verdict_no_data')}"
    bad = sum(p.kind == "bad" for p in view.places)
    weak = len(view.places) - bad
    if not view.places:
        return f"# {icon('check_circle', 'green')} {t('coverage.verdict_none', n=judged)}"
    unit = cockpit().profile.unit.get(view.places[0].unit)
    found = [t(f"coverage.{kind}_areas", n=n) for kind, n in (("bad", bad), ("weak", weak)) if n]
    areas = ", ".join(found)
    if unit is not None:
        areas += f" ({t('coverage.verdict_worst', place=escape(unit.short))})"
    text = t("coverage.verdict", areas=areas, n=view.hex_counts["samples"])
    look = LOOKS["bad" if bad else "weak"]
    return f"# {icon(look.icon, look.tone)} {text}"


def map_of(view: CoverageView, chosen: tuple[CellClass, ...]) -> None:
    """Hexagons by class over the land, and the same as a table one click away."""
    counts = view.hex_counts
    name = operator_name(view.operator)
    phone = maps.phone()
    measured = view.day, view.speeds is not None
    held = ("hexes", view.operator, *measured, chosen, lang(), phone, maps.areas_address())
    deck = kept(view, lambda: frozen(_deck(view, chosen)), *held)
    alt = t(
        "coverage.map_alt",
        operator=name,
        bad=counts["bad"],
        weak=counts["weak"],
        few=counts["samples"],
        good=counts["good"],
    )
    maps.draw(deck, key="coverage-map", alt=alt, height=230 if phone else 430, clicked=gap_map.clicked)
    st.markdown(_legend(view))
    twin, columns = kept(
        view, lambda: _twin(view, chosen), "hex-twin", view.operator, *measured, chosen, lang()
    )
    tables.twin(twin, columns, key="coverage-twin", alt=t("coverage.twin_alt", operator=name))
    _method(view)


def _deck(view: CoverageView, chosen: tuple[CellClass, ...]) -> pdk.Deck:
    """One layer a class: good cells lie lowest, bad ones on top."""
    language = lang()
    names = {c: t(f"coverage.class_{c}") for c in CLASSES}
    rows: dict[CellClass, list[dict[str, str]]] = {kind: [] for kind in CLASSES}
    for kind, c in view.stats:
        if kind in chosen and len(rows[kind]) < MAX_HEXES:
            text = (
                t(
                    "coverage.hex_text",
                    language,
                    name=names[kind],
                    groups=c.groups,
                    devices=c.devices,
                    mean=figures.number(c.mean_dbm, 1, language),
                )
                if view.speeds is None
                else t(
                    "coverage.hex_speed",
                    language,
                    name=names[kind],
                    mean=figures.number(view.speeds.get(c.h3), 1, language),
                )
            )
            rows[kind].append({"h3": c.h3, "text": text})
    layers = [maps.HexLayer(STYLES[kind], rows[kind]) for kind in reversed(CLASSES) if rows[kind]]
    found = [maps.hex_layer(layer) for layer in layers]
    gaps = gap_map.rows_of(view.places)
    return maps.deck([*found, gap_map.layer(gaps)] if gaps else found)


def _twin(view: CoverageView, chosen: tuple[CellClass, ...]) -> tuple[pa.Table, tables.Columns]:
    names = {c: f"{LOOKS[c].glyph} {t(f'coverage.class_{c}')}" for c in CLASSES}
    language = lang()
    rows = [(kind, c) for kind, c in view.stats if kind in chosen]
    table = tables.arrow(
        {
            "cell": [c.h3 for _, c in rows],
            "class": [names[k] for k, _ in rows],
            "groups": [figures.number(c.groups, 0, language) for _, c in rows],
            "devices": [figures.number(c.devices, 0, language) for _, c in rows],
            "mean": [
                figures.number(c.mean_dbm if view.speeds is None else view.speeds.get(c.h3), 1, language)
                for _, c in rows
            ],
        }
    )
    mean = t("coverage.col_mean" if view.speeds is None else "coverage.col_speed")
    columns = {
        "cell": tables.text_column(t("coverage.col_cell"), 150),
        "class": tables.text_column(t("coverage.col_class"), 130),
        "groups": tables.text_column(t("coverage.col_groups"), 90, right=True),
        "devices": tables.text_column(t("coverage.col_devices"), 70, right=True),
        "mean": tables.text_column(mean, 140, right=True),
    }
    if view.speeds is not None:  # groups and devices are of what was measured of the signal
        table, columns = (
            table.drop_columns(OF_SIGNAL),
            {k: c for k, c in columns.items() if k not in OF_SIGNAL},
        )
    return table, columns


OF_SIGNAL = ["groups", "devices"]


def _legend(view: CoverageView) -> str:
    words = {k: f"{t(f'coverage.class_{k}')} {figures.number(view.hex_counts[k])}" for k in CLASSES}
    parts = [
        swatch(LOOKS["bad"].glyph, LOOKS["bad"].mark, words["bad"]),
        swatch(LOOKS["weak"].glyph, LOOKS["weak"].mark, words["weak"], dark_glyph=True),
        # Outlined and hardly seen on the map, so not as coloured fields here.
        f"{LOOKS['samples'].glyph} {words['samples']}",
        f"{LOOKS['good'].glyph} {words['good']}",
    ]
    limits = view.limits
    note = t("coverage.thresholds", groups=limits.min_groups, devices=limits.min_devices)
    configured = t(
        "coverage.configured", bad=figures.number(limits.bad_dbm), weak=figures.number(limits.weak_dbm)
    )
    if view.speeds is not None:
        low, high = view.levels[0], view.levels[min(1, len(view.levels) - 1)]
        configured, note = t(
            "coverage.configured_speed", low=figures.plain(low.down_mbps), high=figures.plain(high.down_mbps),
            n=coverage_shown.MIN_SPEEDS,
        ), ""  # fmt: skip
    only = t("coverage.of_day", day=figures.period(to_date(view.day).isoformat(), lang())) if view.day else ""
    told = quiet(" ".join(part for part in (only, configured, note, maps.shapes()) if part))
    return f"{' &nbsp; '.join(parts)}  \n{told}"


def _method(view: CoverageView) -> None:
    """How classes are told apart, for who wants to know it exactly."""
    limits = view.limits
    told = t(
        "coverage.method",
        bad=figures.number(limits.bad_dbm),
        weak=figures.number(limits.weak_dbm),
        groups=limits.min_groups,
        devices=limits.min_devices,
        source=escape(view.limits_source.get(lang())),
    )
    with st.expander(t("coverage.how"), key="coverage-how", type="compact"):
        st.markdown(quiet(told))
        if view.levels:
            st.markdown(quiet(_levels(view)))


def _levels(view: CoverageView) -> str:
    """The levels of service as the profile sets them, and whose figures they are."""
    found = [
        t(
            "coverage.level",
            name=escape(level.name.get(lang())),
            signal=figures.number(level.rsrp_dbm),
            down=figures.plain(level.down_mbps),
            up=figures.plain(level.up_mbps),
        )
        for level in view.levels
    ]
    return t("coverage.levels", list="; ".join(found), source=escape(view.levels_source.get(lang())))


def places(view: CoverageView) -> None:
    """The weakest places, and what the figures cannot show."""
    st.markdown(f"## {t('coverage.weakest')}", anchors=False)
    rows = view.places[:PLACES]
    if not rows:
        st.markdown(quiet(t("coverage.places_none")))
        return
    if len(rows) < len(view.places):
        st.markdown(quiet(t("coverage.shown", n=len(rows), total=len(view.places))))
    table, columns = kept(view, lambda: _places(rows), "coverage-places", view.operator, lang())
    alt = t("coverage.table_alt", operator=operator_name(view.operator))
    tables.show(
        table, columns, key="coverage-places", alt=alt, height=430 if len(rows) > tables.FULL_ROWS else None
    )
    st.markdown(quiet(t("coverage.weakest_note")))
    _explain(view.places)


def _explain(rows: Sequence[Place]) -> None:
    """What was asked about a gap of the register, and the way to ask; the address may name one."""
    gaps = {str(p.number): p for p in rows if p.number}
    if not gaps:
        return
    units = cockpit().profile.unit

    def named(number: str) -> str:
        unit = gaps[number].unit
        return " · ".join(
            part for part in (code_of(GAP, number), units[unit].short if unit in units else "") if part
        )

    chosen = choose.pick_one("gap", list(gaps), t("requests.gap"), named, width=300)
    nav.link("gaps", t("gaps.open_register"), icon="signal_cellular_off", params={"id": chosen})
    request_ask.ask("gap", chosen, gaps[chosen].owner)


def _places(rows: Sequence[Place]) -> tuple[pa.Table, tables.Columns]:
    units = cockpit().profile.unit
    language = lang()
    names = {k: t(f"coverage.class_{k}") for k in ("bad", "weak")}
    table = tables.arrow(
        {
            "unit": [units[p.unit].short if p.unit in units else "" for p in rows],
            "number": [code_of(GAP, p.number) if p.number else figures.NOTHING for p in rows],
            "class": [tables.badge(LOOKS[p.kind], names[p.kind]) for p in rows],
            "cells": [figures.number(len(p.cells), 0, language) for p in rows],
            "share": [round(p.share * 100, 1) for p in rows],
            "interval": [
                f"{figures.number(p.low * 100, 0, language)}–{figures.percent(p.high, 0, language)}"
                for p in rows
            ],
            "groups": [figures.number(p.groups, 0, language) for p in rows],
            "samples": [figures.number(p.samples, 0, language) for p in rows],
            "devices": [figures.number(p.devices, 0, language) for p in rows],
            "mean": [figures.number(p.mean_dbm, 1, language) for p in rows],
            "since": [figures.naive(p.since) if p.since else None for p in rows],
            "last": [figures.naive(p.last) for p in rows],
            "cell": [p.id for p in rows],
        }
    )
    badges = {names["bad"]: LOOKS["bad"], names["weak"]: LOOKS["weak"]}
    columns = {
        "unit": tables.text_column(t("coverage.col_unit"), 130),
        "number": tables.text_column(t("coverage.col_number"), 64),
        "class": tables.badge_column(t("coverage.col_class"), badges, 92),
        "share": tables.share_column(t("coverage.col_share"), 145),
        "cells": tables.text_column(t("coverage.col_cells"), 60, right=True),
        "interval": tables.text_column(t("coverage.col_interval"), 110, right=True),
        "groups": tables.text_column(t("coverage.col_groups"), 90, right=True),
        "samples": tables.text_column(t("coverage.col_samples"), 80, right=True),
        "devices": tables.text_column(t("coverage.col_devices"), 70, right=True),
        "mean": tables.text_column(t("coverage.col_mean"), 140, right=True),
        "since": tables.instant_column(t("coverage.col_since"), 100),
        "last": tables.instant_column(t("coverage.col_last"), 100),
        "cell": tables.text_column(t("coverage.col_cell"), 150),
    }
    if not any(p.number for p in rows):  # no gap of the register among them
        table = table.drop_columns(["number", "since"])
        del columns["number"], columns["since"]
    return table, columns


def notes(view: CoverageView) -> str:
    """How much was measured, and what a map of samples cannot tell."""
    name = escape(operator_name(view.operator))
    apart = [t(f"coverage.apart_{why}", n=n) for why, n in view.apart.items()]
    uncounted = [t("coverage.apart", list=", ".join(apart))] if apart else []
    outside = _outside(view)
    if not view.samples:
        said = [t("coverage.no_samples", operator=name), *uncounted, t("coverage.survivors"), *outside]
        return quiet(" ".join(said))
    cells = sum(view.counts.values())
    summary = t("coverage.summary", samples=view.samples, cells=cells, when=figures.instant(view.last))
    parts = [summary + ".", *uncounted, t("coverage.survivors"), t("coverage.devices_note")]
    if view.operator == ANY:
        parts.append(t("coverage.any_note"))
    return quiet(" ".join([*parts, *outside]))


def _outside(view: CoverageView) -> list[str]:
    """What others publish, and that it decides nothing."""
    if not view.outside:
        return []
    found = [
        t(
            f"coverage.outside_{one.kind}",
            n=one.n,
            name=t(f"coverage.origin_{one.name}") if one.kind == CELL else escape(_quarter(one.name)),
            day=figures.date(one.at),
            licence=escape(one.licence),
        )
        for one in view.outside
    ]
    return [t("coverage.outside", list="; ".join(found))]


def _quarter(name: str) -> str:
    year, _, number = name.partition("-Q")
    return t("coverage.quarter", n=number, year=year)
