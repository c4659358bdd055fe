"""The DTI on the page: a published result, what it loses where, what if."""

from __future__ import annotations

import streamlit as st

from cockpit.domain.indices import dti
from cockpit.domain.indices.dti import Index
from cockpit.profiles.indices import DtiResult
from cockpit.ui import choose, figures, nav, tables, what_if
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, lower, quiet
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views.indices import IndicesView

SCALES = {index: what_if.Scale(1, 0.01, dti.DECIMALS, 2) for index in dti.POINTS}


def results() -> dict[str, DtiResult]:
    """Published results by code; the first is the province's own."""
    return {result.code: result for result in cockpit().profile.indices.published_dti}


def name_of(index: Index) -> str:
    return t(f"indices.dti_{index}")


def verdict() -> str:
    """The province's own newest result, and where most is lost: markdown."""
    result = next(iter(results().values()), None)
    if result is None:
        return f"# {icon('help', 'gray')} {t('indices.dti_none')}"
    (worst, lost), *_ = dti.lost(result.values).items()
    told = t(
        "indices.dti_verdict",
        name=escape(result.name.get(lang())),
        when=figures.period(result.date),
        dti=_score(result.dti),
        rank=result.rank,
        all=result.of,
        where=lower(name_of(worst)),
        lost=_score(lost),
    )
    return f"# {icon('insights')} {told}"


def chosen() -> DtiResult | None:
    """The published result that the reader looks at."""
    known = results()
    if not known:
        return None
    code = choose.pick_one(
        "result", list(known), t("indices.dti_result"), lambda c: _named(known[c]), width=320
    )
    return known[code]


def _named(result: DtiResult) -> str:
    return f"{result.name.get(lang())}, {figures.period(result.date)}"


def lost(result: DtiResult, view: IndicesView) -> None:
    """Main indices and what each costs, most first; the three pillars."""
    made = dti.dti(result.values)
    with st.container(horizontal=True, gap="medium"):
        st.metric(t("indices.dti"), _score(result.dti), width="content")
        for pillar in dti.PILLARS:
            st.metric(t(f"indices.pillar_{pillar}"), _score(made.pillars[pillar]), width="content")
    st.markdown(quiet(f"{icon('description')} {escape(result.source.get(lang()))}"))
    found = dti.lost(result.values)
    table = tables.arrow(
        {
            "name": [name_of(index) for index in found],
            "lost": [_score(value) for value in found.values()],
            "value": [_score(result.values[index]) for index in found],
            "most": [figures.number(dti.POINTS[index]) for index in found],
            "share": [100 * result.values[index] for index in found],
        }
    )
    columns = {
        "name": tables.text_column(t("indices.main_index"), 165 if phone() else 200),
        "lost": tables.text_column(t("indices.dti_lost"), 90, right=True),
        "value": tables.text_column(t("indices.dti_value"), 80, right=True),
        "share": tables.share_column(t("indices.share"), 120),
        "most": tables.text_column(t("indices.dti_most"), 95, right=True),
    }
    tables.show(table, columns, key="dti-main", alt=t("indices.dti_alt", name=result.name.get(lang())))
    st.markdown(quiet(t("indices.dti_note")))
    if view.score is not None and view.score.value is not None:
        label = t("indices.dti_now", value=_score(view.score.value))
        nav.link("indicators", label, icon="trending_up", params={"id": view.score.code})


def what_if_card(result: DtiResult) -> None:
    """Sliders of the eight main indices, and the DTI and pillars that would follow."""
    head = st.container(horizontal=True, gap="small", vertical_alignment="center")
    with head:
        st.markdown(f"## {t('what.title')}", anchors=False, width="content")
    place = st.container(gap="xsmall")
    order = {index: result.values[index] for index in dti.POINTS}
    first, moved = what_if.sliders(
        f"dti-{result.code}", order, SCALES, lambda index: t(f"indices.dti_{index}")
    )
    with head:
        what_if.start_again(f"dti-{result.code}", disabled=first == moved)
    was, now = dti.dti(first), dti.dti(moved)
    with place:
        with st.container(horizontal=True, gap="medium"):
            st.metric(t("indices.dti"), _score(now.dti), width="content")
            for pillar in dti.PILLARS:
                st.metric(t(f"indices.pillar_{pillar}"), _score(now.pillars[pillar]), width="content")
        key = "what.same" if now.dti == was.dti else "what.more" if now.dti > was.dti else "what.less"
        told = t(key, n=_score(abs(now.dti - was.dti)), was=_score(was.dti))
        st.markdown(f"{told}  \n{quiet(t('what.nowhere'))}")


def _score(value: float) -> str:
    return figures.number(value, dti.DECIMALS)
