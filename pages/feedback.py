"""Citizens' feedback: what people write, where and about what, whether it is answered in time; one complaint
of many; one petition with what is near."""

import streamlit as st

from cockpit.ui import choose, feedback_detail, live, refresh, scope
from cockpit.ui import feedback_parts as parts
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.screen import phone
from cockpit.ui.words import t
from cockpit.views import feedback as feedback_view
from cockpit.views.feedback import FeedbackView


@refresh.fragment
def feedback() -> None:
    view = live.view(feedback_view.build, scope.line())
    st.markdown(parts.verdict(view), anchors=False)
    section = choose.one("view", parts.SECTIONS, t("feedback.section"), lambda s: t(f"feedback.section_{s}"))
    if section == "clusters":
        clusters(view)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        found = parts.filters(view)
    st.markdown(parts.figures_of(view.count()))
    with guarded(section):
        SECTIONS[section](view, found)


def listed(view: FeedbackView, found: parts.Petitions) -> None:
    """The list, and beside it the petition that the address names; on a phone the petition first."""
    asked = choose.asked("id")
    if not asked:
        parts.listing(view, found)
        return
    beside, small = st.columns([5, 3]), phone()
    with beside[0 if small else 1], guarded("petition"):
        opened(view, asked)
    with beside[1 if small else 0]:
        parts.listing(view, found)


def opened(view: FeedbackView, asked: str) -> None:
    """The petition that the address names, as far as whoever looks may read it."""
    unit = live.view(feedback_view.whose, asked)
    found = None if unit is None else live.view(feedback_view.one, asked, parts.seen(unit))
    if found is None:
        st.markdown(quiet(feedback_detail.gone(asked)))
        return
    with st.container(border=True, gap="xsmall", key="feedback-detail"):
        st.button(
            t("requests.close"), icon=":material/close:", type="tertiary", key="feedback-close",
            on_click=choose.let_go, args=("id",),
        )  # fmt: skip
        feedback_detail.detail(found, view.cluster_of.get(asked))


def places(view: FeedbackView, found: parts.Petitions) -> None:
    """The heat map, and the same by unit."""
    left, right = st.columns([5, 4])
    with left.container(border=True, gap="xsmall", key="feedback-map-card"), guarded("map"):
        parts.places(view, found)
    with right, guarded("units"):
        parts.by_unit(view, found)


def clusters(view: FeedbackView) -> None:
    """What many write of, and one of these."""
    left, right = st.columns([5, 3])
    with left, guarded("clusters"):
        chosen = parts.clusters(view)
    if chosen is not None:
        with right.container(border=True, gap="small", key="feedback-cluster"), guarded("cluster"):
            parts.cluster(view, chosen)


SECTIONS = {"list": listed, "places": places, "fields": parts.by_field}

feedback()
