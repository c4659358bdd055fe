"""Parts of the site planner: wishes, map, order, who gains, curve of gains, a plan of one's own."""

from __future__ import annotations

from functools import cache
from typing import Any

import h3
import pyarrow as pa
import pydeck as pdk
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cockpit.domain.coverage.people import RESOLUTION
from cockpit.ui import charts, choose, figures, live, maps, tables
from cockpit.ui.context import cockpit
from cockpit.ui.coverage_parts import LOOKS
from cockpit.ui.kept import frozen, kept
from cockpit.ui.marks import escape, icon, quiet, swatch
from cockpit.ui.status import BLUE, ORANGE
from cockpit.ui.words import lang, t
from cockpit.views import sites as sites_view
from cockpit.views.sites import WORTH, Proposal, SitesView

COUNTS = ("10", "5", "20", "30")
LEAST = ("0", "25", "50", "75")
UNITS = 12
"""Units that are named as gaining."""
SITE_COLOR, MINE_COLOR = (38, 110, 190, 255), (216, 126, 34, 255)


def asked() -> tuple[int, int, tuple[str, ...]]:
    """Draw what is asked for: the number of sites, the least share of each unit in per cent, and units in
    which nothing is built."""
    n = choose.pick_one("n", COUNTS, t("sites.n"), lambda c: t("sites.n_choice", n=int(c)), width=130)
    least = choose.pick_one(
        "least", LEAST, t("sites.least"),
        lambda c: t("sites.least_choice", n=c) if c != "0" else t("sites.least_none"), width=260,
    )  # fmt: skip
    units = cockpit().profile.unit
    excluded = st.multiselect(
        t("sites.excluded"),
        sorted(units, key=lambda code: units[code].short),
        format_func=lambda code: units[code].short,
        placeholder=t("sites.excluded_hint"),
        key=f"sites-excluded-{lang()}",
        label_visibility="collapsed",
        width=300,
    )
    return int(n), int(least), tuple(sorted(excluded))


def verdict(view: SitesView) -> str:
    """The first line: how many people how many sites bring."""
    plan = view.suggested
    if not plan.sites:
        return f"# {icon('check_circle', 'green')} {t('sites.verdict_none')}"
    text = t("sites.verdict", n=len(plan.sites), people=figures.number(plan.total))
    return f"# {icon('cell_tower', 'blue')} {text}"


def told(view: SitesView, least: int) -> str:
    """Where the gain falls off, how good the plan is, and who is without."""
    found, certificate = view.knee, view.certificate
    lines = []
    if found.more:
        lines.append(
            t("sites.knee", sites=found.sites, people=figures.number(found.people), least=found.least)
        )
    elif view.curve:
        lines.append(t("sites.knee_none", n=len(view.curve), least=found.least))
    if view.suggested.sites:
        word = "certificate" if certificate.proved else "bound"
        share = figures.percent(certificate.ratio, 1)
        lines.append(t(f"sites.{word}", optimum=figures.number(certificate.optimum), ratio=share))
        if least:
            lines.append(t("sites.certificate_least"))
    rest = figures.number(view.people - view.measured)
    lines.append(
        t("sites.without", people=figures.number(view.people), measured=figures.number(view.measured),
          rest=rest)
    )  # fmt: skip
    return " ".join(lines)


def own(view: SitesView) -> tuple[str, ...]:
    """Draw the choice of places for a plan of one's own; returns their cells."""
    st.markdown(f"## {t('sites.what_if')}", anchors=False)
    profile = cockpit().profile
    units = profile.unit
    names = {
        s.cell: t("sites.suggested_place", n=n, unit=_unit(s.unit))
        for n, s in enumerate(view.suggested.sites, 1)
    }
    for place in sorted(profile.places, key=lambda p: (p.unit, p.name)):
        cell = h3.latlng_to_cell(place.lat, place.lon, RESOLUTION)
        at = units[place.unit].short if place.unit in units else ""
        names.setdefault(cell, place.name if at in place.name else f"{place.name} · {at}")
    chosen = st.multiselect(
        t("sites.what_if"),
        list(names),
        format_func=lambda cell: names.get(cell, cell),
        placeholder=t("sites.what_if_hint"),
        key=f"sites-own-{lang()}",
        max_selections=sites_view.MOST,
        label_visibility="collapsed",
    )
    return tuple(cell for cell in chosen if cell in names)


def compared(view: SitesView, mine: Proposal) -> None:
    """The two plans side by side."""
    if not mine.sites:
        st.markdown(quiet(t("sites.what_if_none")))
        return
    left, right = _plan(view, view.suggested), _plan(view, mine)
    rows = [t(f"sites.plan_{name}") for name in ("sites", "people", "each", "gaps", "units")]
    tables.read(
        {t("sites.plan"): rows, t("sites.plan_suggested"): left, t("sites.plan_mine"): right},
        alt=t("sites.plan_alt"),
    )


def _plan(view: SitesView, plan: Proposal) -> list[str]:
    n = len(plan.sites)
    most = ", ".join(f"{escape(_unit(u))} {figures.number(p)}" for u, p in list(plan.units.items())[:3] if p)
    return [
        figures.number(n),
        figures.number(plan.total),
        figures.number(plan.total / n if n else None),
        t("sites.of", n=figures.number(plan.gaps), total=figures.number(view.gaps)),
        most or figures.NOTHING,
    ]


def map_of(view: SitesView, mine: Proposal) -> None:
    """Who is without, who gains, and where the sites stand."""
    phone = maps.phone()
    cells = tuple(s.cell for s in mine.sites)
    held = ("sites", view.operator, cells, lang(), phone, maps.areas_address())
    deck = kept(view, lambda: frozen(_deck(view, mine)), *held)
    plan = view.suggested
    alt = t("sites.map_alt", n=len(plan.sites), people=figures.number(plan.total))
    maps.draw(deck, key="sites-map", alt=alt, height=230 if phone else 430)
    parts = [
        swatch(LOOKS["good"].glyph, LOOKS["good"].mark, t("sites.legend_gain")),
        swatch(LOOKS["bad"].glyph, LOOKS["bad"].mark, t("sites.legend_bad")),
        f"{LOOKS['samples'].glyph} {t('sites.legend_few')}",
        swatch("●", BLUE, t("sites.legend_site")),
    ]
    if mine.sites:
        parts.append(swatch("●", ORANGE, t("sites.legend_mine"), dark_glyph=True))
    st.markdown(f"{' &nbsp; '.join(parts)}  \n{quiet(t('sites.method') + ' ' + maps.shapes())}")


def _deck(view: SitesView, mine: Proposal) -> pdk.Deck:
    gained = {c for plan in (view.suggested, mine) for s in plan.sites for c in s.cells}
    names = {k: t(f"sites.legend_{k}") for k in ("gain", "bad", "few")}
    rows: dict[str, list[dict[str, str]]] = {"few": [], "gain": [], "bad": []}
    for w in view.without:
        kind = "gain" if w.cell in gained else "bad" if w.measured else "few"
        text = t("sites.hex_people", name=names[kind], people=figures.number(w.people))
        rows[kind].append({"h3": w.cell, "text": text})
    layers = [maps.hex_layer(maps.HexLayer(kind, found)) for kind, found in rows.items() if found]
    for name, plan, color in (("site", view.suggested, SITE_COLOR), ("mine", mine, MINE_COLOR)):
        word = "sites.site" if name == "site" else "sites.mine_site"
        points: list[dict[str, Any]] = [
            {
                "lon": round(s.lon, 5),
                "lat": round(s.lat, 5),
                "text": t(word, n=n, unit=_unit(s.unit), people=figures.number(s.gain)),
            }
            for n, s in enumerate(plan.sites, 1)
        ]
        if points:
            layers.append(maps.point_layer(name, points, color, 6))
    return maps.deck(layers)


def order(view: SitesView) -> None:
    """The sites in the order of building; the map's table twin."""
    st.markdown(f"## {t('sites.order')}", anchors=False)
    rows, language = view.suggested.sites, lang()
    table = tables.arrow(
        {
            "n": [str(n) for n in range(1, len(rows) + 1)],
            "unit": [_unit(s.unit) for s in rows],
            "gain": [figures.number(s.gain, 0, language) for s in rows],
            "total": [figures.number(s.total, 0, language) for s in rows],
        }
    )
    columns = {
        "n": tables.text_column(t("sites.order"), 60, right=True),
        "unit": tables.text_column(t("sites.col_unit"), 120),
        "gain": tables.text_column(t("sites.col_gain"), 100, right=True),
        "total": tables.text_column(t("sites.col_total"), 90, right=True),
    }
    tables.show(table, columns, key="sites-order", alt=t("sites.order_alt"), height=None)


def who(view: SitesView) -> None:
    """Who gains, by unit."""
    st.markdown(f"## {t('sites.who')}", anchors=False)
    found = [(u, n) for u, n in view.suggested.units.items() if n][:UNITS]
    told = {
        t("sites.col_unit"): [escape(_unit(u)) for u, _ in found],
        t("sites.col_gain"): [figures.number(n) for _, n in found],
    }
    tables.read(told, alt=t("sites.who_alt"))


def curve(view: SitesView) -> None:
    """What each further site adds, those of the suggestion in blue."""
    st.markdown(f"## {t('sites.curve')}", anchors=False)
    gains, n = view.curve, len(view.suggested.sites)
    if not gains:
        st.markdown(quiet(t("sites.verdict_none")))
        return
    table = kept(view, lambda: _gains(gains, n), "sites-curve", view.operator)
    told = (figures.number(gains[0]), figures.number(gains[-1]))
    alt = t("sites.curve_alt", first=told[0], last=told[1], n=len(gains))
    charts.draw(table, curve_spec(lang()), key="sites-curve", alt=alt)
    twin = tables.arrow(
        {"n": [str(k) for k in range(1, len(gains) + 1)], "gain": [figures.number(g) for g in gains]}
    )
    columns = {
        "n": tables.text_column(t("sites.order"), 70, right=True),
        "gain": tables.text_column(t("sites.col_gain"), 120, right=True),
    }
    tables.twin(twin, columns, key="sites-curve-twin", alt=alt)


def _gains(gains: tuple[int, ...], n: int) -> pa.Table:
    numbers = list(range(1, len(gains) + 1))
    return tables.arrow({"n": numbers, "gain": list(gains), "built": [k <= n for k in numbers]})


@cache
def curve_spec(language: str) -> dict[str, Any]:
    """Bars over the number of the site, and the line under which a site is hardly worth it."""
    axis = {"title": None, "labelAngle": 0, "labelOverlap": True}
    bars = {
        "mark": {"type": "bar", "aria": False},
        "encoding": {
            "x": {"field": "n", "type": "ordinal", "axis": axis},
            "y": {"field": "gain", "type": "quantitative", "axis": {"title": None, "tickCount": 5}},
            "color": {"condition": {"test": "datum.built", "value": BLUE}, "value": "#8a949d"},
        },
    }
    return {"height": 200, "layer": [bars, *charts.rule_layer("y", WORTH)], "config": charts.untold(language)}


def planner(operator: str, verdict_at: DeltaGenerator) -> None:
    """The whole section, its verdict in the place given."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        n, least, excluded = asked()
    view = live.view(sites_view.build, operator, n, least, excluded)
    verdict_at.markdown(f"{verdict(view)}\n\n{told(view, least)}", anchors=False)
    map_at, order_at = st.columns([5, 3])
    with st.container(border=True, gap="xsmall", key="sites-own-card"):
        cells = own(view)
        mine = live.view(sites_view.proposal, operator, cells)
        compared(view, mine)
    with map_at.container(border=True, gap="xsmall", key="sites-map-card"):
        map_of(view, mine)
    with order_at.container(border=True, height="stretch", gap="xsmall", key="sites-order-card"):
        order(view)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch", gap="xsmall", key="sites-curve-card"):
        curve(view)
    with right.container(border=True, height="stretch", gap="xsmall", key="sites-who-card"):
        who(view)


def _unit(code: str) -> str:
    units = cockpit().profile.unit
    return units[code].short if code in units else ""
