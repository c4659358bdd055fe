"""Parts of the camera screen: verdict, filters, list, map, one camera in full."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pyarrow as pa
import pydeck as pdk
import streamlit as st

from cockpit.domain.cameras import STATES
from cockpit.domain.cameras.state import Reason, State
from cockpit.ui import choose, figures, live, maps, scope, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import frozen, kept
from cockpit.ui.marks import escape, icon, quiet, swatch
from cockpit.ui.pick import pick, search_key
from cockpit.ui.status import GRAY, ORANGE, RED, Look
from cockpit.ui.words import lang, t
from cockpit.views import strip
from cockpit.views.cameras import Camera, CamerasView, Limit
from cockpit.views.doubt import too_few

PER_PAGE = 50
LOOKS: dict[State, Look] = {
    "offline": Look("report", "■", RED, "square", "red"),
    "degraded": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "online": Look("check_circle", "●", GRAY, "circle", "green"),
    "never": Look("help", "◌", GRAY, "circle", "gray"),
}
RUNNING: tuple[State, ...] = ("online", "degraded")
ORDER: dict[State, int] = {state: rank for rank, state in enumerate(STATES)}


def verdict(view: CamerasView) -> str:
    """The first line of the page."""
    if not view.total:
        return f"# {icon('help', 'gray')} {t('cameras.verdict_no_register')}"
    if view.counts["never"] == view.total:
        return f"# {icon('help', 'gray')} {t('cameras.verdict_none')}"
    online = view.counts["online"]
    share = figures.percent(online / view.total, 1)
    parts = [t("cameras.verdict", online=online, n=view.total, share=share)]
    if view.doubt:  # a feed that is gone has lost no camera anywhere
        parts.append(t("cameras.verdict_doubt"))
    elif view.cluster is not None:
        unit = cockpit().profile.unit.get(view.cluster.unit)
        when = figures.instant(view.cluster.since, cockpit().clock.domain_ms())
        place = escape(unit.short) if unit else t("alerts.province")
        parts.append(t("cameras.verdict_cluster", n=view.cluster.n, place=place, when=when))
    elif view.counts["offline"]:
        parts.append(t("cameras.verdict_offline", n=view.counts["offline"]))
    if view.counts["degraded"]:
        parts.append(t("cameras.verdict_degraded", n=view.counts["degraded"]))
    ranked: tuple[State, ...] = ("offline", "degraded", "online")
    look = LOOKS[next((s for s in ranked if view.counts[s]), "online")]
    if view.counts["never"]:
        parts.append(t("cameras.verdict_never", n=view.counts["never"]))
    if view.doubt or too_few(view.counts["never"], view.total):
        look = LOOKS["never"]
    return f"# {icon(look.icon, look.tone)} {' · '.join(parts)}"


def filters(view: CamerasView) -> tuple[tuple[State, ...], str, str, str]:
    """Draw the filters; returns states (empty: all), unit code ("": all), query and layout."""
    profile, language = cockpit().profile, lang()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        states = choose.many(
            "state",
            STATES,
            t("cameras.state"),
            lambda s: (
                f":material/{LOOKS[s].icon}: "
                + t("cameras.pill", language, state=t(f"cameras.state_{s}", language), n=view.counts[s])
            ),
        )
        unit = choose.follow(
            scope.PARAM,
            ["", *profile.unit],
            t("cameras.unit"),
            lambda code: profile.unit[code].short if code else t("cameras.all_units", language),
            width=190,
        )
        query = st.text_input(
            t("cameras.search"),
            key="q",
            placeholder=t("cameras.search"),
            icon=":material/search:",
            label_visibility="collapsed",
            bind="query-params",
            width=250,
            max_chars=80,
        )
        layout = choose.one(
            "view", ("list", "map"), t("cameras.layout"), lambda name: t(f"cameras.layout_{name}")
        )
    return states, unit, query or "", layout


@cache
def _search_text(name: str, code: str) -> str:
    return search_key(f"{code} {name}")


def matching(view: CamerasView, states: Sequence[State], unit: str, query: str) -> list[Camera]:
    """Cameras that pass the filters, those that need attention first, then by code."""
    words = search_key(query).split()
    found = [
        c
        for c in view.cameras
        if (not states or c.state in states)
        and (not unit or c.asset.unit == unit)
        and all(w in _search_text(c.asset.name, c.asset.code) for w in words)
    ]
    found.sort(key=lambda c: (ORDER[c.state], c.asset.code))
    return found


def empty(states: Sequence[State], unit: str, query: str) -> str:
    """What to say when no camera passes the filters."""
    profile = cockpit().profile
    parts = [t(f"cameras.state_{s}") for s in states]
    parts += [escape(profile.unit[unit].short)] if unit in profile.unit else []
    parts += [f"“{escape(query)}”"] if query else []
    return quiet(t("cameras.empty", filters=" · ".join(parts) or figures.NOTHING))


def word(camera: Camera) -> str:
    """The state in words, with its reason."""
    return _word(camera.state, camera.reason, lang())


@cache
def _word(state: State, reason: Reason, language: str) -> str:
    if reason:
        return t("cameras.degraded_why", language, reason=t(f"cameras.reason_{reason}", language))
    return t(f"cameras.state_{state}", language)


def listing(
    cameras: Sequence[Camera], strips: Sequence[tuple[str, ...]], *, page: int, pages: int, narrow: bool
) -> str | None:
    """One page of the list, `narrow` beside a chosen camera; returns that camera's code."""
    language = lang()
    # What the rows show: an unchanged table is not made again and not sent again. So instants are to the
    # minute and frames are whole. What a lost camera measured last is not how it runs now.
    shown = tuple(
        (
            c.asset.code,
            c.state,
            c.reason,
            None if c.last is None else c.last // 60_000,
            None if c.fps is None or c.state not in RUNNING else round(c.fps),
        )
        for c in cameras
    )
    table, columns = kept(strips, lambda: _rows(cameras, shown, strips, language), "cameras", shown, language)
    if narrow:
        columns = {name: columns[name] for name in ("code", "state", "name", "strip")}
    return pick(
        table,
        [c.asset.code for c in cameras],
        columns,
        key="cameras",
        alt=t("cameras.table_alt", page=page, pages=pages),
        height=520,
    )


def _rows(
    cameras: Sequence[Camera],
    shown: Sequence[tuple[str, State, Reason, int | None, int | None]],
    strips: Sequence[tuple[str, ...]],
    language: str,
) -> tuple[pa.Table, tables.Columns]:
    profile = cockpit().profile
    unit_names = profile.unit
    words = [_word(state, reason, language) for _, state, reason, _, _ in shown]
    looks = {word: LOOKS[c.state] for word, c in zip(words, cameras, strict=True)}
    owners = {s.code: s.owner.get(language) for s in profile.sources}
    minutes = [None if m is None else figures.naive(m * 60_000) for _, _, _, m, _ in shown]
    table = tables.arrow(
        {
            "code": [c.asset.code for c in cameras],
            "name": [c.asset.name for c in cameras],
            "unit": [unit_names[c.asset.unit].short if c.asset.unit in unit_names else "" for c in cameras],
            "state": [tables.badge(looks[word], word) for word in words],
            "last": pa.array(minutes, pa.timestamp("ms")),
            "fps": [figures.number(fps, 0, language) for *_, fps in shown],
            "strip": [tables.strip_svg(s) for s in strips],
            "owner": [owners.get(c.asset.source, "") for c in cameras],
        }
    )
    return table, {
        "code": tables.text_column(t("cameras.col_code"), 92),
        "state": tables.badge_column(t("cameras.col_state"), looks, 165),
        "name": tables.text_column(t("cameras.col_name"), 300),
        "unit": tables.text_column(t("cameras.col_unit"), 110),
        "last": tables.instant_column(t("cameras.col_last"), 100),
        "fps": tables.text_column(t("cameras.col_fps"), 80, right=True),
        "strip": tables.strip_column(t("cameras.col_strip")),
        "owner": tables.text_column(t("cameras.col_owner")),
    }


_COLORS: dict[State, list[int]] = {
    "offline": [195, 59, 58, 235],
    "degraded": [216, 126, 34, 235],
    "online": [138, 148, 157, 150],
    "never": [138, 148, 157, 60],
}


def map_of(view: CamerasView, cameras: Sequence[Camera]) -> None:
    """The cameras by state over the land: what needs attention lies on top and is larger."""
    phone = maps.phone()
    # The picture is the same as long as states are: made once, and sent again by its hash only.
    same = tuple((c.asset.id, c.state, c.reason) for c in cameras)
    maps.draw(
        kept(None, lambda: frozen(_deck(cameras)), "camera-map", same, lang(), phone, maps.areas_address()),
        key="camera-map",
        alt=t(
            "cameras.map_alt",
            offline=view.counts["offline"],
            degraded=view.counts["degraded"],
            online=view.counts["online"],
        ),
        height=230 if phone else 430,
    )
    legend = [
        swatch(
            look.glyph,
            look.mark,
            f"{t(f'cameras.state_{state}')} {figures.number(view.counts[state])}",
            dark_glyph=state == "degraded",
        )
        for state, look in LOOKS.items()
        if view.counts[state]
    ]
    note = quiet(f"{maps.shapes()} {t('cameras.map_note')}")
    st.markdown(f"{' &nbsp; '.join(legend)}  \n{note}")


def units(view: CamerasView) -> None:
    """Beside the map: cameras by unit, those with the most that are lost first."""
    language = lang()
    st.markdown(f"## {t('cameras.by_unit')}", anchors=False)
    table, columns = kept(view, lambda: _units(view, language), "camera-units", language)
    tables.show(
        table,
        columns,
        key="camera-units",
        alt=t("cameras.by_unit_alt"),
        height=430 if table.num_rows > tables.FULL_ROWS else None,
    )


def _units(view: CamerasView, language: str) -> tuple[pa.Table, tables.Columns]:
    known = cockpit().profile.unit
    ordered = sorted(
        ((code, counts) for code, counts in view.by_unit.items() if code in known),
        key=lambda item: tuple(-item[1].get(s, 0) for s in ("offline", "degraded")),
    )
    table = tables.arrow(
        {
            "unit": [known[code].short for code, _ in ordered],
            **{s: [counts.get(s, 0) or None for _, counts in ordered] for s in STATES},
        }
    )
    return table, {
        "unit": tables.text_column(t("cameras.col_unit", language), 130),
        **{s: tables.number_column(t(f"cameras.state_{s}", language), 95) for s in STATES},
    }


def _deck(cameras: Sequence[Camera]) -> pdk.Deck:
    layers: list[pdk.Layer] = []
    for state in reversed(STATES):
        rows = [
            {"lon": c.asset.lon, "lat": c.asset.lat, "text": f"{c.asset.code} · {c.asset.name} · {word(c)}"}
            for c in cameras
            if c.state == state and c.asset.lon is not None
        ]
        if rows:
            size = 6 if state in ("offline", "degraded") else 3
            layers.append(maps.point_layer(state, rows, _COLORS[state], size))
    return maps.deck(layers)


def limits(found: Sequence[Limit]) -> str:
    """From which values on, held for how long, a camera counts as degraded."""
    said = [
        t(f"cameras.limit_{one.reason}", at=figures.number(one.at, 0 if one.at.is_integer() else 1),
          hold=figures.span(one.for_s))
        for one in found
    ]  # fmt: skip
    return t("cameras.limits", list="; ".join([*said, t("cameras.limit_others")]))


def notes(view: CamerasView) -> str:
    """How to read the list."""
    waiting = t("cameras.strip_loading") if live.view(strip.build).loading else ""
    return " ".join(part for part in (t("cameras.strip_note"), waiting, limits(view.limits)) if part)


def shown(first: int, rows: int, total: int) -> str:
    """Which rows of how many are on this page."""
    return t("cameras.shown", first=first + 1, last=first + rows, n=total)


def gone(code: str) -> str:
    """The address names a camera that the catalogue does not have."""
    return t("cameras.gone", code=escape(code[:40]))
