"""One petition: what was written, where it stands, which others are of the same, and what is near."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cockpit.domain.feedback import PUBLIC, TEXT, Cluster
from cockpit.domain.registers import GAP, code_of
from cockpit.ui import camera_parts, figures, gap_words, nav, need_parts, tables
from cockpit.ui import feedback_words as words
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import has, lang, t
from cockpit.views.feedback import Around, NearAlert, PetitionView


def gone(asked: str) -> str:
    """The address names a petition that is not there."""
    return t("feedback.gone", id=escape(asked[:60]))


def detail(found: PetitionView, cluster: Cluster | None) -> None:
    """Draw it into the current container."""
    one, now_ms = found.petition, found.now_ms
    look = words.look_of(one, now_ms)
    head = (
        f"## {icon(look.icon, look.tone)} {escape(words.field(one.field))}, {escape(words.place(one.unit))}"
    )
    marks = badge(f"{look.glyph} {escape(words.state_word(one, now_ms))}", look.tone)
    st.markdown(f"{head}\n\n{marks}", anchors=False)
    text = found.fields.get(TEXT)
    if isinstance(text, str):
        st.markdown(escape(text))
    if found.withheld:
        st.markdown(quiet(f"{icon('lock')} {t('feedback.withheld', names=_names(found.withheld))}"))
    tables.facts(_facts(found), alt=t("feedback.facts_alt"))
    if cluster is not None:
        params = {"cluster": cluster.key, "state": "all", "id": one.key}
        nav.link(
            "feedback", t("feedback.of_cluster", n=len(cluster.petitions)), icon="group_work", params=params
        )
    if found.around is not None:
        _near(found.around, one.unit)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(_name(name) for name in names)


def _name(field: str) -> str:
    """What a field of the feed is called; one that nobody has named stands for itself."""
    return t(f"feedback.named_{field}") if has(f"feedback.named_{field}") else escape(field)


def _facts(found: PetitionView) -> list[tuple[str, str]]:
    one, now_ms, fields = found.petition, found.now_ms, found.fields
    pairs = [(t("feedback.code"), escape(one.key)), (t("feedback.came"), figures.both(one.opened, now_ms))]
    if one.due is not None:
        told = figures.instant(one.due, now_ms)
        pairs.append((t("feedback.due"), figures.due(one.due, now_ms) if one.open else told))
    pairs += [
        (escape(words.step_word(step.state)), figures.both(step.t, now_ms))
        for step in found.history
        if step.t != one.opened
    ]
    if isinstance(fields.get("channel"), str):
        pairs.append((t("feedback.channel"), escape(words.channel(str(fields["channel"])))))
    if one.rating is not None:
        pairs.append((t("feedback.rating"), t("feedback.rated", n=figures.plain(one.rating))))
    return pairs + [(_name(name), escape(_told(value))) for name, value in _others(fields).items()]


def _others(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What else the feed brings and may be read."""
    return {n: v for n, v in fields.items() if n not in PUBLIC and n != TEXT and v is not None}


def _told(value: object) -> str:
    if isinstance(value, bool):
        return t("gaps.yes" if value else "gaps.no")
    return figures.plain(value) if isinstance(value, int | float) else str(value)


def _near(around: Around, unit: str) -> None:
    """Open alerts, coverage gaps and cameras of its unit, the nearest first."""
    language = lang()
    st.markdown(f"### {t('feedback.near', place=escape(words.place(unit)))}", anchors=False)
    if around.spot is not None and around.spot.name:
        st.markdown(quiet(t("feedback.spot", name=escape(around.spot.name))))
    for near in around.alerts:
        _alert(near, language)
    for gap in around.gaps:
        entry = gap.entry
        state = gap_words.LOOKS[entry.state]  # type: ignore[index] # written by commands only
        told = f"{icon(state.icon, state.tone)} {t('feedback.gap', code=code_of(GAP, entry.id))}"
        _row(told, [t(f"gaps.state_{entry.state}", language)], gap.metres, "gaps", str(entry.id))
    for seen in around.cameras:
        camera = seen.camera
        look = camera_parts.LOOKS[camera.state]
        told = f"{icon(look.icon, look.tone)} {escape(camera.asset.name)}"
        _row(told, [camera_parts.word(camera)], seen.metres, "cameras", camera.asset.code)
    _ways(around, unit, language)


def _alert(near: NearAlert, language: str) -> None:
    alert, look = near.need.alert, PRIORITIES[near.need.alert.priority]
    since = figures.instant(alert.since, near.need.now_ms, language)
    told = f"{icon(look.icon, look.tone)} {need_parts.title(alert, language)}"
    _row(told, [t("home.since", language, when=since)], near.metres, "alerts", str(alert.id))


def _row(told: str, under: list[str], metres: int | None, page: str, code: str) -> None:
    if metres is not None:
        under.append(t("feedback.away", km=figures.number(metres / 1000, 1)))
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.markdown(lines(told, quiet(" · ".join(under))), width="stretch")
        nav.open_link(page, {"id": code})


def _ways(around: Around, unit: str, language: str) -> None:
    """How many there are of each, with the way to all of them."""
    with st.container(horizontal=True, gap="small"):
        place = {"unit": unit} | ({} if around.waiting else {"list": "working"})
        nav.link(
            "alerts", t("home.unit_alerts", language, n=around.n_alerts), icon="notifications", params=place
        )
        label = t("units.gaps", language, n=around.n_gaps)
        nav.link("gaps", label, icon="signal_cellular_off", params={"unit": unit})
        label = t("units.cameras", language, offline=around.offline, n=around.n_cameras)
        nav.link("cameras", label, icon="videocam", params={"unit": unit})
