"""Cameras: how many are there, which are not, since when, and each one's record."""

import streamlit as st

from cockpit.ui import camera_detail, choose, live, refresh, scope, steady
from cockpit.ui import camera_parts as parts
from cockpit.ui.context import cockpit
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import camera as camera_view
from cockpit.views import camera_strips
from cockpit.views import cameras as camera_views
from cockpit.views.cameras import CamerasView, State


@refresh.fragment
def cameras() -> None:
    view = live.view(camera_views.build, scope.line())
    st.markdown(parts.verdict(view), anchors=False)
    states, unit, query, layout = parts.filters(view)
    if layout == "map":
        left, right = st.columns([5, 3])
        with left.container(border=True, gap="xsmall", key="camera-map-card"), guarded("map"):
            parts.map_of(view, parts.matching(view, states, unit, query))
        with right.container(border=True, height="stretch", gap="xsmall", key="units"), guarded("units"):
            parts.units(view)
        return
    code = choose.asked("id")
    # The list has the whole width until a camera is chosen.
    left, right = st.columns([5, 3]) if code else (st.container(), st.container())
    with left, guarded("list"):
        listed(view, states, unit, query, narrow=bool(code))
    with right, guarded("camera"):
        chosen(view, code)
    st.markdown(quiet(parts.notes(view)))


def listed(view: CamerasView, states: tuple[State, ...], unit: str, query: str, *, narrow: bool) -> None:
    """One page of the list; the order stays while the reader looks at it."""
    by_code = {c.asset.code: c for c in view.cameras}
    codes = steady.order(
        "cameras",
        (states, unit, query),
        lambda: [c.asset.code for c in parts.matching(view, states, unit, query)],
    )
    if not codes:
        st.markdown(parts.empty(states, unit, query))
        return
    pages = -(-len(codes) // parts.PER_PAGE)
    page = min(int(st.session_state.get("page") or 1), pages)
    first = (page - 1) * parts.PER_PAGE
    rows = [by_code[code] for code in codes[first : first + parts.PER_PAGE]]
    strips = live.view(camera_strips.build, tuple(c.asset.id for c in rows))
    parts.listing(rows, strips, page=page, pages=pages, narrow=narrow)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(quiet(parts.shown(first, len(rows), len(codes))), width="content")
        if pages > 1:
            st.pagination(pages, key="page", bind="query-params")


def chosen(view: CamerasView, code: str | None) -> None:
    """The chosen camera in full."""
    camera = camera_views.one(view, code) if code else None
    if camera is None:
        st.markdown(quiet(parts.gone(code) if code else t("cameras.choose")))
        return
    detail = live.view(camera_view.build, camera.asset.code)
    if detail is not None:
        with st.container(border=True, gap="small", key="camera-detail"):
            camera_detail.detail(detail, camera, cockpit().clock.domain_ms())


cameras()
