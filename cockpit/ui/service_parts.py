"""The service index on the page: its six components, who costs what, what if."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from cockpit.domain.indices import service
from cockpit.domain.indices.service import ComponentCode
from cockpit.ui import choose, figures, tables, what_if
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import badge, escape, icon, lines, lower, quiet
from cockpit.ui.pick import pick
from cockpit.ui.screen import phone
from cockpit.ui.status import LOOKS
from cockpit.ui.tiles import second_line, source_line
from cockpit.ui.words import lang, t
from cockpit.views.figures import DOUBTS
from cockpit.views.indices import ComponentNow, IndicesView, PartOfUnit, UnitScore, parts_of

BY = ("unit", "component")
"""How the list of who costs what is told; in the address."""

SCALES = {code: what_if.Scale(most, 0.1, service.DECIMALS, 1) for code, most in service.MOST.items()}


def name_of(code: ComponentCode) -> str:
    return t(f"indices.component_{code}")


def verdict(view: IndicesView) -> str:
    """Total, class, and where most is lost: markdown."""
    if view.total is None or view.total.value is None or view.grade is None:
        return f"# {icon('help', 'gray')} {t('indices.none')}"
    look, worst = LOOKS[view.total.status], view.components[0]
    told = t("indices.verdict", total=_points(view.total.value), grade=t(f"indices.grade_{view.grade}"))
    if worst.lost:
        told += t("indices.verdict_lost", where=lower(name_of(worst.code)), lost=_points(worst.lost))
    return f"# {icon(look.icon, look.tone)} {told}"


def components(view: IndicesView) -> None:
    """The whole province's six components as they arrive, what costs most first."""
    st.markdown(f"## {t('indices.components')}", anchors=False)
    if view.total is None:
        return
    figure, language = view.total, lang()
    with st.container(horizontal=True, gap="medium"):
        st.metric(t("indices.total"), f"{_points(figure.value)} :small[/ {service.TOTAL:g}]", width="content")
        st.metric(
            t("indices.grade"),
            t(f"indices.grade_{view.grade}") if view.grade else figures.NOTHING,
            width="content",
        )
        lost = None if figure.value is None else service.TOTAL - figure.value
        st.metric(t("indices.lost"), _points(lost), width="content")
    doubt = second_line(figure, language) if figure.status in DOUBTS else ""
    st.markdown(lines(doubt, source_line(figure, language)))
    table, columns = kept(view, lambda: _components(view.components), "service", language, phone())
    tables.show(table, columns, key="service-components", alt=t("indices.components_alt"))


def _components(found: tuple[ComponentNow, ...]) -> tuple[pa.Table, tables.Columns]:
    words = {status: t(f"status_short.{status}") for status in LOOKS}
    table = tables.arrow(
        {
            "name": [name_of(c.code) for c in found],
            "points": [f"{_points(c.figure.value)}/{c.most:g}" for c in found],
            "lost": [_points(c.lost) for c in found],
            "share": [None if c.figure.value is None else 100 * c.figure.value / c.most for c in found],
            "status": [tables.badge(LOOKS[c.figure.status], words[c.figure.status]) for c in found],
        }
    )
    small = phone()
    return table, {
        "name": tables.text_column(t("indices.component"), 150 if small else 215),
        "lost": tables.text_column(t("indices.lost_points"), 80 if small else 90, right=True),
        "points": tables.text_column(t("indices.points"), 90, right=True),
        "share": tables.share_column(t("indices.share"), 130),
        "status": tables.badge_column(
            t("indicators.status"), {words[status]: look for status, look in LOOKS.items()}, 100
        ),
    }


def costs(view: IndicesView) -> None:
    """Who costs the province most, unit by unit or unit and component, and the parts of the chosen one."""
    st.markdown(f"## {t('indices.costs')} {quiet(t('indices.units', n=len(view.units)))}", anchors=False)
    if not view.units:
        st.markdown(f"{icon('help', 'gray')} {t('indices.no_units')}")
        return
    by = choose.one("by", BY, t("indices.by"), lambda way: t(f"indices.by_{way}"))
    left, right = st.columns([5, 3])
    with left:
        found = _by_unit if by == "unit" else _by_component
        (table, columns), ids = kept(view, lambda: found(view), "costs", by, lang(), phone())
        chosen = pick(
            table, ids, columns, key=f"costs-{by}", alt=t("indices.costs_alt"), height=446, required=True
        )
        _notes(view)
    code = (chosen or "").partition("-")[0]
    score = next((unit for unit in view.units if unit.unit.code == code), None)
    with right.container(border=True, gap="small", key="unit-of-index"):
        if score is None:
            st.markdown(t("indices.unknown_unit", code=escape(code)))
        else:
            _unit(view, score)


Listed = tuple[tuple[pa.Table, tables.Columns], list[str]]


def _by_unit(view: IndicesView) -> Listed:
    units = view.units
    table = tables.arrow(
        {
            "unit": [u.unit.short for u in units],
            "cost": [_points(u.cost) for u in units],
            "worst": [name_of(u.worst) if u.worst else figures.NOTHING for u in units],
            "total": [_points(u.total) for u in units],
            "grade": [t(f"indices.grade_{u.grade}") if u.grade else t("indices.missing") for u in units],
            "thin": [_points(u.thin, 0) for u in units],
        }
    )
    columns = {
        "unit": tables.text_column(t("indices.unit"), 125 if phone() else 150),
        "cost": tables.text_column(t("indices.cost"), 130, right=True),
        "worst": tables.text_column(t("indices.worst"), 160),
        "total": tables.text_column(t("indices.own"), 90, right=True),
        "grade": tables.text_column(t("indices.grade"), 85),
        "thin": tables.text_column(t("indices.thin"), 90, right=True),
    }
    return (table, columns), [u.unit.code for u in units]


def _by_component(view: IndicesView) -> Listed:
    found = view.costs
    table = tables.arrow(
        {
            "unit": [c.unit.short for c in found],
            "component": [name_of(c.component) for c in found],
            "cost": [figures.number(c.lost, 3) for c in found],
            "points": [f"{_points(c.points)}/{c.most:g}" for c in found],
        }
    )
    columns = {
        "unit": tables.text_column(t("indices.unit"), 125 if phone() else 170),
        "component": tables.text_column(t("indices.component"), 165 if phone() else 220),
        "cost": tables.text_column(t("indices.cost"), 140, right=True),
        "points": tables.text_column(t("indices.own"), 120, right=True),
    }
    return (table, columns), [f"{c.unit.code}-{c.component}" for c in found]


def _notes(view: IndicesView) -> None:
    """What these figures are, and what they are not."""
    told = [t("indices.note_units", n=len(view.units), total=_points(view.together))]
    told.append(t("indices.note_parts"))
    st.markdown(quiet(" ".join(told)))
    if view.made_up:
        n = sum(part.origin == "made_up" for part in view.parts)
        st.markdown(
            f"{badge(t('indices.made_up'), 'violet', 'science')} "
            f"{quiet(t('indices.note_made_up', n=n, all=len(view.parts)))}"
        )


def _unit(view: IndicesView, score: UnitScore) -> None:
    """One unit: what it loses, part by part."""
    grade = t(f"indices.grade_{score.grade}") if score.grade else t("indices.missing")
    marks = [badge(escape(t(f"unit_kind.{score.unit.kind}"))), badge(grade)]
    st.markdown(f"## {escape(score.unit.name)}\n\n{' '.join(marks)}", anchors=False)
    told = t("indices.unit_cost", cost=_points(score.cost))
    if score.total is not None:
        own = _points(score.total)
        told = f"{t('indices.unit_total', total=own, lost=_points(service.TOTAL - score.total))} {told}"
    st.markdown(told)
    parts = parts_of(view, score)
    tables.read(
        {
            t("indices.part"): [_part(p) for p in parts],
            t("indices.done"): [_count(p) for p in parts],
            t("indices.lost_points"): [_lost(p) for p in parts],
        },
        alt=t("indices.parts_alt", unit=score.unit.name),
    )


def _part(found: PartOfUnit) -> str:
    name = t(f"indices.part_{found.part.code}")
    if found.part.doubt is not None:
        return f"{name} {icon('help', 'gray')}"
    return f"{name} {icon('science', 'violet')}" if found.part.origin == "made_up" else name


def _count(found: PartOfUnit) -> str:
    if found.count is None:
        return figures.NOTHING
    return f"{figures.number(found.count.done)}/{figures.number(found.count.all)}"


def _lost(found: PartOfUnit) -> str:
    return figures.NOTHING if found.points is None else _points(found.part.most - found.points)


def what_if_card(view: IndicesView) -> None:
    """Sliders of the six components, and total and class that would follow."""
    st.markdown(f"## {t('what.title')}", anchors=False)
    known = _cases(view)
    if not known:
        st.markdown(t("indices.none"))
        return
    head = st.container(horizontal=True, gap="small", vertical_alignment="center")
    with head:
        case = choose.pick_one("base", list(known), t("what.base"), lambda code: known[code][0], width=260)
    place = st.container(gap="xsmall")
    order = {code: known[case][1][code] for code in service.MOST}
    first, moved = what_if.sliders(f"766-{case}", order, SCALES, lambda code: t(f"indices.component_{code}"))
    with head:
        what_if.start_again(f"766-{case}", disabled=first == moved)
    with place:
        _outcome(service.total(first), service.total(moved))


def _outcome(was: float, now: float) -> None:
    grade = service.grade(now)
    with st.container(horizontal=True, gap="medium"):
        st.metric(t("indices.total"), f"{_points(now)} :small[/ {service.TOTAL:g}]", width="content")
        st.metric(t("indices.grade"), t(f"indices.grade_{grade}"), width="content")
    key = "what.same" if now == was else "what.more" if now > was else "what.less"
    told = [t(key, n=_points(abs(now - was)), was=_points(was))]
    if (ahead := service.to_next(now)) is not None:
        told.append(t("indices.to_next", n=_points(ahead[0]), grade=t(f"indices.grade_{ahead[1]}")))
    st.markdown(lines(" · ".join(told), quiet(t("what.nowhere"))))


def _cases(view: IndicesView) -> dict[str, tuple[str, dict[ComponentCode, float]]]:
    """What a trial can begin at, by code: its name and its six components."""
    found: dict[str, tuple[str, dict[ComponentCode, float]]] = {}
    language = lang()
    if view.points is not None:
        found["now"] = t("what.now", name=cockpit().profile.name.get(language)), view.points
    for one in cockpit().profile.indices.published:
        when = figures.period(one.date, language)
        found[one.code] = f"{one.name.get(language)}, {when}", one.points
    for unit in sorted(view.units, key=lambda u: u.unit.code):
        if unit.total is not None:
            found[unit.unit.code] = unit.unit.name, {c: round(p, 2) for c, p in unit.points.items()}
    return found


def _points(value: float | None, decimals: int = service.DECIMALS) -> str:
    return figures.number(value, decimals)
