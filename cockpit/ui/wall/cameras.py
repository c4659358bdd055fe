"""Cameras on the wall: how many send, and the units that miss most."""

from __future__ import annotations

import html
from collections.abc import Mapping

from cockpit.domain.cameras import STATES
from cockpit.ui import camera_parts as parts
from cockpit.ui import live
from cockpit.ui.context import cockpit
from cockpit.ui.plain import to_html
from cockpit.ui.wall.bar import bar
from cockpit.ui.wall.land import beside
from cockpit.ui.words import t
from cockpit.views import cameras as cameras_view
from cockpit.views.cameras import State

Counts = Mapping[State, int]
ROWS = 10
_TONES = {"offline": "red", "degraded": "orange", "online": "green", "never": "gray"}


def screen() -> str:
    """Verdict, a bar of states, and units."""
    view = live.view(cameras_view.build)
    wrong = sorted(
        ((code, counts) for code, counts in view.by_unit.items() if _bad(counts)),
        key=lambda pair: (-pair[1].get("offline", 0), -_bad(pair[1]), pair[0]),
    )
    rows = [_row(code, counts) for code, counts in wrong[:ROWS]]
    none = [f'<li class="green">{html.escape(t("wall.cameras_none"))}</li>'] if view.total else []
    states = {code: _tone(counts) for code, counts in wrong}
    parts_of = [
        (_TONES[s], view.counts[s], t("cameras.pill", state=t(f"cameras.state_{s}"), n=view.counts[s]))
        for s in STATES
    ]
    return f"<h1>{to_html(parts.verdict(view).removeprefix('# '))}</h1>{bar(parts_of)}" + beside(
        states, t("wall.cameras_units", n=len(wrong)), rows or none, len(wrong)
    )


def _tone(counts: Counts) -> str:
    return _TONES["offline" if counts.get("offline") else "degraded"]


def _bad(counts: Counts) -> int:
    return counts.get("offline", 0) + counts.get("degraded", 0)


def _row(code: str, counts: Counts) -> str:
    unit = cockpit().profile.unit.get(code)
    name = unit.name if unit else t("alerts.province")
    told = [
        t("cameras.pill", state=t(f"cameras.state_{state}"), n=counts[state])
        for state in STATES
        if counts.get(state)
    ]
    small = html.escape(" · ".join(told))
    return f'<li class="{_tone(counts)}"><b>{html.escape(name)}</b><small>{small}</small></li>'
