"""A gap on one page to print, for the letter to the operator: whole in itself, no address is asked."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any

import h3

from cockpit.domain import geo
from cockpit.ui import figures
from cockpit.ui import gap_words as words
from cockpit.ui.context import cockpit
from cockpit.ui.plan_words import body
from cockpit.ui.words import lang, t
from cockpit.views.gaps import Gap, GapView

WIDE, HIGH = 640, 360
AROUND = 0.06
"""Degrees of the country that are drawn around a gap."""

_STYLE = (
    "@page{size:A4;margin:18mm}"
    "body{font:14px/1.45 'Times New Roman',serif;max-width:180mm;margin:auto;color:#000;background:#fff}"
    "h1{font-size:20px;text-align:center}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #777;padding:3px 6px;vertical-align:top;text-align:left}"
    "svg{width:100%;height:auto;border:1px solid #777;margin:8px 0}"
    ".mark{border:2px solid #a00;color:#a00;padding:2px 8px;font-weight:bold}"
)


def page(found: GapView) -> str:
    """The record as HTML."""
    gap, now_ms = found.gap, found.now_ms
    entry = gap.entry
    title = t("gaps.record_title", code=words.code(gap), place=words.place(gap))
    ground = gap.ground
    rows = [
        (t("gaps.col_state"), words.state_word(gap)),
        (t("gaps.col_kind"), t(f"gaps.kind_{gap.kind}")),
        (t("gaps.position"), f"{entry.facts.get('lat')}, {entry.facts.get('lon')}"),
        (t("gaps.hamlets"), "; ".join(_hamlets(gap)) or t("gaps.unknown")),
        (t("gaps.col_operators"), words.operators(gap)),
        (t("gaps.col_people"), f"{words.people(gap)} {t(f'gaps.basis_{gap.people.basis}')}"),
        (t("gaps.standing"), words.standing(ground)),
        (t("gaps.reach"), words.reach(ground)),
        (t("gaps.opened"), figures.instant(entry.opened)),
        (t("gaps.last"), figures.instant(entry.facts.get("last"))),
        (t("gaps.col_owner"), body(entry.owner)),
        (t("gaps.col_due"), figures.instant(entry.due) if entry.due else figures.NOTHING),
    ]  # fmt: skip
    if gap.life.before is not None:
        rows.append((t("gaps.before"), words.measure(gap.life.before)))
    if gap.life.after is not None:
        rows.append((t("gaps.after"), words.measure(gap.life.after)))
    mark = f'<p><span class="mark">{_safe(t("strip.simulated"))}</span></p>' if cockpit().is_demo else ""
    table = "".join(f"<tr><th>{_safe(name)}</th><td>{_safe(told)}</td></tr>" for name, told in rows)
    steps = "".join(
        f"<tr><td>{_safe(figures.instant(s.t))}</td><td>{_safe(words.what(s))}</td></tr>"
        for s in found.history
    )
    printed = _safe(t("gaps.printed", when=figures.instant(now_ms)))
    return (
        f'<!doctype html><html lang="{lang()}"><meta charset="utf-8"><title>{_safe(title)}</title>'
        f"<style>{_STYLE}</style><h1>{_safe(title)}</h1>{mark}<p>{_safe(words.why(gap))}</p>{_map(gap)}"
        f"<table>{table}</table><h2>{_safe(t('requests.history'))}</h2><table>{steps}</table>"
        f"<p>{printed}</p></html>"
    )


def _hamlets(gap: Gap) -> list[str]:
    made = f" ({t('gaps.made_up')})"
    return [one.hamlet.name + made * one.hamlet.made_up for one in gap.hamlets]


def _safe(text: str) -> str:
    return html.escape(text)


def _map(gap: Gap) -> str:
    """The cells of the gap, its hamlets and the borders around, drawn."""
    facts = gap.entry.facts
    lat0, lon0 = float(facts.get("lat", 0.0)), float(facts.get("lon", 0.0))
    narrow = cos(radians(lat0))
    corners = [point for cell in facts["cells"] for point in h3.cell_to_boundary(cell)]
    reach = max(
        [abs(lat - lat0) for lat, _ in corners] + [abs(lon - lon0) * narrow / 1.7 for _, lon in corners]
    )
    scale = HIGH / 2 / (reach + AROUND)

    def at(lon: float, lat: float) -> str:
        return f"{WIDE / 2 + (lon - lon0) * narrow * scale:.1f},{HIGH / 2 - (lat - lat0) * scale:.1f}"

    def path(points: Sequence[Sequence[float]]) -> str:
        return "M" + "L".join(at(p[0], p[1]) for p in points) + "Z"

    near = (lon0 - 1, lat0 - 1, lon0 + 1, lat0 + 1)
    land = "".join(path(ring) for ring in _rings(cockpit().profile.areas_path) if _meets(ring, near))
    cells = "".join(path([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in facts["cells"])
    dots = "".join(_dot(at(one.hamlet.lon, one.hamlet.lat), one.hamlet.name) for one in gap.hamlets)
    return (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{_safe(words.code(gap))}">'
        f'<rect width="{WIDE}" height="{HIGH}" fill="#dfeaf5"/>'
        f'<path d="{land}" fill="#f6f4ee" stroke="#777"/>'
        f'<path d="{cells}" fill="#c33b3a" fill-opacity=".65" stroke="#7c1c1b"/>{dots}</svg>'
    )


def _dot(at: str, name: str) -> str:
    x, y = at.split(",")
    return (
        f'<circle cx="{x}" cy="{y}" r="4" fill="#1f4e8c"/>'
        f'<text x="{float(x) + 7:.1f}" y="{float(y) + 4:.1f}" font-size="12">{_safe(name)}</text>'
    )


def _meets(ring: Sequence[Sequence[float]], box: geo.Box) -> bool:
    return any(box[0] <= p[0] <= box[2] and box[1] <= p[1] <= box[3] for p in ring)


@lru_cache(maxsize=2)
def _rings(path: Path) -> list[Any]:
    """The outlines of the units' areas; none where the file cannot be read."""
    try:
        features = json.loads(path.read_bytes())["features"]
        return [ring for f in features for polygon in geo.polygons(f["geometry"]) for ring in polygon]
    except (OSError, ValueError, LookupError, TypeError):
        return []
