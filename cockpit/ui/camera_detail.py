"""One camera in full: state, facts, what is open about it, thirty days."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import streamlit as st

from cockpit.ui import camera_parts as parts
from cockpit.ui import camera_picture, charts, figures, nav, tables
from cockpit.ui.alert_parts import matter
from cockpit.ui.context import cockpit
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.status import GRAY
from cockpit.ui.words import lang, t
from cockpit.views.camera import CameraDetail
from cockpit.views.cameras import Camera


@cache
def _days_spec(language: str) -> charts.Spec:
    return {
        "height": 110,
        "mark": {"type": "bar", "color": GRAY, "cornerRadius": 1, "aria": False},
        "encoding": {
            "x": {
                "field": "t",
                "type": "temporal",
                "timeUnit": "yearmonthdate",
                "axis": {"format": "%d/%m", "title": None, "tickCount": 5, "labelOverlap": True},
            },
            "y": {
                "field": "v",
                "type": "quantitative",
                "scale": {"domain": [0, 100]},
                "axis": {"title": None, "grid": True, "tickCount": 3},
            },
        },
        "config": charts.untold(language),
    }


def detail(found: CameraDetail, camera: Camera, now_ms: int) -> None:
    """One camera: state, facts, 30 days."""
    asset, language, look = found.asset, lang(), parts.LOOKS[camera.state]
    profile = cockpit().profile
    marks = [badge(f"{look.glyph} {parts.word(camera)}", look.tone), badge(escape(asset.code))]
    if profile.source[asset.source].time == "domain" and cockpit().demo is not None:
        marks.append(badge(t("kind.simulated"), "violet", "science"))
    st.markdown(f"## {icon('videocam')} {escape(asset.name)}\n\n{' '.join(marks)}", anchors=False)
    camera_picture.panel(asset.code)
    unit = profile.unit.get(asset.unit)
    chain = " → ".join(escape(a.name) for a in found.chain)
    pairs = [
        (t("cameras.fact_since"), figures.both(camera.since, now_ms)),
        (t("cameras.fact_last"), figures.both(camera.last, now_ms)),
        *_measured(camera),
        *_seen(found, camera, now_ms),
        (t("cameras.fact_unit"), escape(unit.name) if unit else t("alerts.province")),
        (t("cameras.fact_chain"), chain or figures.NOTHING),
        (
            t("cameras.fact_owner"),
            escape(found.owner.get(language)) if found.owner else t("cameras.owner_unknown"),
        ),
        (t("cameras.fact_availability"), figures.percent(found.availability, 1)),
    ]
    tables.facts(pairs, alt=t("cameras.facts_alt", code=asset.code))
    for alert in found.alerts:
        nav.link(
            "alerts", escape(matter(alert)), icon="notifications", params={"id": str(alert.cause or alert.id)}
        )
    _days(found)


def _measured(camera: Camera) -> list[tuple[str, str]]:
    if camera.state not in parts.RUNNING:
        return []
    return [
        (t("cameras.fact_fps"), t("cameras.fps", value=figures.number(camera.fps, 1))),
        (t("cameras.fact_loss"), figures.quantity(camera.loss_pct, "%", 2)),
        (t("cameras.fact_rate"), figures.quantity(camera.bitrate_kbps, "kbit/s")),
    ]


def _seen(found: CameraDetail, camera: Camera, now_ms: int) -> list[tuple[str, str]]:
    """What the analytics box makes of the picture, for a camera that has one."""
    seen = found.seen
    if seen is None or camera.state not in parts.RUNNING:
        return []
    content = t("cameras.content_changes")
    if seen.still_since is not None:
        key = "cameras.content_still_longer" if seen.still_longer else "cameras.content_still"
        content = t(key, when=figures.both(seen.still_since, now_ms))
    pairs = [
        (t("cameras.fact_content"), content),
        (t("cameras.fact_brightness"), figures.quantity(seen.brightness_pct, "%")),
        (t("cameras.fact_sharpness"), figures.number(seen.sharpness, 1)),
        (t("cameras.fact_view"), figures.quantity(seen.view_pct, "%")),
    ]
    if seen.clock_seen is not None:
        pairs.append((t("cameras.fact_clock"), t(f"cameras.clock_{'yes' if seen.clock_seen else 'no'}")))
    return pairs


def _days(found: CameraDetail) -> None:
    known = [(ms, share) for ms, share in found.days if share is not None]
    if not known:
        st.markdown(quiet(t("cameras.days_none")))
        return
    st.markdown(quiet(t("cameras.days_title")))
    table = pa.table({"t": [figures.naive(ms) for ms, _ in known], "v": [s * 100 for _, s in known]})
    alt = t("cameras.days_alt", code=found.asset.code, value=figures.percent(found.availability, 1))
    charts.draw(table, _days_spec(lang()), key="camera-days", alt=alt)
    tables.twin(
        tables.arrow(
            {
                "day": [figures.date(ms) for ms, _ in reversed(known)],
                "share": [figures.number(share * 100, 1) for _, share in reversed(known)],
            }
        ),
        {
            "day": tables.text_column(t("cameras.col_day"), 120),
            "share": tables.text_column(t("cameras.days_title"), 260, right=True),
        },
        key="camera-days-twin",
        alt=alt,
    )
