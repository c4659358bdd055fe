"""What stands around every page: navigation, the strip, the start, the banner. The script of the app."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from cockpit import ROOT
from cockpit.demo.backfill import HistoryMissing
from cockpit.domain.person import Why
from cockpit.ui import figures, gate, lost, nav, people, scope
from cockpit.ui.components.live_badge import live_badge
from cockpit.ui.components.mended import mend
from cockpit.ui.context import cockpit, demo_run
from cockpit.ui.live import view
from cockpit.ui.marks import badge, escape, quiet
from cockpit.ui.refresh import FRAME, frame, played
from cockpit.ui.settle import settle
from cockpit.ui.words import DEFAULT, LANGUAGES, lang, t
from cockpit.views import strip

ICON = str(ROOT / "cockpit" / "ui" / "icon.png")


def main() -> None:
    """Draw the frame, then the page."""
    title = f"{t('app.name')} · {cockpit().profile.name.get(lang())}"
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide", initial_sidebar_state="auto")
    if why := people.shut_out():
        _shut([nav.page(entry.name) for entry in nav.present()], why)
        return
    nowhere = lost.page([entry.name for entry in nav.present()])
    page = st.navigation(nav.sections(nowhere), position="top")
    if not cockpit().ready.is_set():
        _starting()
        return
    if cockpit().lost is not None:
        st.error(t("banner.ground"), icon=":material/error:")
        return
    scope.carry(page.url_path)
    _strip()
    scope.province_all_the_same(page.url_path)
    page.run()
    if lang() != DEFAULT:  # names of places are short and Vietnamese in every language
        st.markdown(quiet(t("app.abbreviations")))
    settle(page.url_path)


def _shut(pages: list[StreamlitPage], why: Why) -> None:
    """Whatever the address names, the same sentence: there is no menu, and no page is run."""
    nowhere = lost.page([page.url_path for page in pages])
    st.navigation(pages if nowhere is None else [*pages, nowhere], position="hidden")
    gate.page(why)


def _starting() -> None:
    """How far the start is, until the pages can be drawn."""
    mend()

    @st.fragment(run_every=0.5)
    def progress() -> None:
        here = cockpit()
        if here.ready.is_set():
            st.rerun()
        if here.failure is not None:
            past = isinstance(here.failure, HistoryMissing)
            st.error(t("startup.failed_past" if past else "startup.failed"), icon=":material/error:")
            return
        state = here.startup
        st.markdown(f"# {t(f'startup.title_{state.what}' if state.what else 'startup.title')}")
        megabytes = state.phase == "reset"
        done, total = (n / 1e6 if megabytes else n for n in (state.done, state.total))
        text = t(f"startup.{state.phase}", done=figures.number(done), total=figures.number(total))
        st.progress(state.share, text=text)

    progress()


def _strip() -> None:
    """Simulated or not, how fresh, what is muted, when, in which language, who."""
    here = cockpit()
    state = view(strip.build)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if here.demo is not None:
            st.markdown(badge(f"**{t('strip.simulated')}**", "violet", "science"), width="content")
            _stage()
        live_badge("age")
        st.page_link(
            nav.target("alerts"),
            label=t("strip.muted_province" if scope.named() else "strip.muted", n=state.muted),
            icon=":material/notifications_off:",
            query_params={"list": "muted"},
        )
        if state.loading:
            with st.container(width="content"):
                _loading()
        mend()
        st.space("stretch")
        live_badge("clock")
        st.segmented_control(
            t("strip.language"),
            LANGUAGES,
            default=lang(),
            required=True,
            format_func=str.upper,
            key="lang",
            label_visibility="collapsed",
            bind="query-params",
            persist_state="session",
        )
        people.picker()
    st.session_state[FRAME] = frame()
    if here.demo is None and not people.current().may_act:
        st.markdown(f":gray[:material/lock: {t(people.reader_word())}]")


@st.fragment(run_every=4)
def _loading() -> None:
    """That a part of the past is still missing, until it is there."""
    if not cockpit().ready.is_set() or not view(strip.build).loading:
        st.rerun()
    if cockpit().past_missing:
        st.markdown(badge(t("strip.past_missing"), "orange", "history_toggle_off"))
    else:
        st.markdown(badge(t("strip.loading"), "gray", "history"))


def _stage() -> None:
    """What plays, a link to the stage, and how fast. Names change seldom: the page's own fragment has all
    drawn anew then. Speeds change all the time: the browser asks for them by itself."""
    run, codes = demo_run(), played()
    known = run.library.scenarios if run is not None else {}
    nothing = "stage.recording" if run is not None and run.recorded else "stage.ordinary"
    language = lang()
    names = [known[c].name.get(language) for c in codes if c in known] or [t(nothing, language)]
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    st.page_link(nav.target("simulator"), label=escape(names[0]) + more)
    live_badge("speed")


main()
