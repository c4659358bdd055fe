"""Data sources: which feeds can be trusted today, since when not, whose they are, what hangs on them."""

import streamlit as st

from cockpit.ui import act, channel_parts, live, people, refresh, scope, source_calendar
from cockpit.ui import source_parts as parts
from cockpit.ui.marks import quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import t
from cockpit.views import channels as channels_view
from cockpit.views import source as source_view
from cockpit.views import sources as sources_view
from cockpit.views import sources_calendar
from cockpit.views.sources import SourcesView


@refresh.fragment
def sources() -> None:
    act.say()
    unit = scope.line(t("scope.feeds"))
    view = live.view(sources_view.build, unit)
    st.markdown(parts.verdict(view), anchors=False)
    with guarded("calendar"), st.container(border=True, gap="xsmall", key="calendar-card"):
        source_calendar.calendar(live.view(sources_calendar.build, unit=unit))
    code = None
    with guarded("list"):
        code = parts.listing(view)
    with guarded("source"):
        chosen(view, code)
    with guarded("channels"):
        channel_parts.panel(live.view(channels_view.build))


def chosen(view: SourcesView, code: str | None) -> None:
    """The chosen source in full."""
    feed = next((f for f in view.feeds if f.source.code == code), None)
    if feed is None:
        st.markdown(quiet(parts.gone(code) if code else t("sources.choose")))
        return
    person = people.current()
    detail = live.view(source_view.build, feed.source.code, person.role, person.unit)
    if detail is not None:
        if scope.unit():
            st.markdown(quiet(t("scope.source")))
        with st.container(border=True, gap="small", key="source-detail"):
            parts.detail(detail, feed)


sources()
