"""A session of the pages loses nothing that was drawn or pressed while the server was busy."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import tomllib
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from cockpit import ROOT
from cockpit.web import sessions
from tests.waiting import PATIENCE_S


def state_of(*, auto: bool) -> ClientState:
    """As a browser sends it: a button that was pressed, and a field."""
    found = ClientState(is_auto_rerun=auto, fragment_id="f")
    found.widget_states.widgets.add(id="button", trigger_value=True)
    found.widget_states.widgets.add(id="field", string_value="x")
    return found


def test_a_press_that_a_timer_takes_along_is_left_to_its_own_message(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(sessions, "_request", lambda _, state: asked.append(state))
    for state in (state_of(auto=True), state_of(auto=False), None):
        sessions.request_without_double(SimpleNamespace(), state)  # type: ignore[arg-type]
    assert [w.id for w in asked[0].widget_states.widgets] == ["field"]
    assert [w.id for w in asked[1].widget_states.widgets] == ["button", "field"]
    assert asked[2] is None


def picking() -> None:
    """A page whose list is made anew with each choice, and a button that chooses as well."""
    import streamlit as st

    code = st.session_state.setdefault("code", "a")

    def choose() -> None:
        st.session_state.code = st.session_state[f"pick-{code}"]

    options = ["a", "b", "c"]
    st.selectbox("pick", options, index=options.index(code), key=f"pick-{code}", on_change=choose)
    st.button("b", on_click=lambda: st.session_state.update(code="b"))

    def press() -> None:
        st.session_state["pressed"] = code

    st.button("press", key=f"press-{code}", on_click=press)


@pytest.mark.parametrize("mended", [True, False])
def test_what_a_widget_that_went_was_told_last_is_not_chosen_again(
    monkeypatch: pytest.MonkeyPatch, mended: bool
) -> None:
    if mended:
        monkeypatch.setattr(SessionState, "_widget_changed", sessions.changed_where_drawn)
    page = AppTest.from_function(picking, default_timeout=PATIENCE_S).run()
    page.selectbox[0].select("c")
    on_its_way = page._tree.get_widget_states()
    assert page.selectbox[0].run().session_state.code == "c"
    assert page.button[0].click().run().session_state.code == "b"
    page._run(on_its_way)
    assert page.session_state.code == ("b" if mended else "c")  # without it Streamlit still does so


def test_a_press_of_what_stood_there_counts_though_the_page_went_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionState, "_widget_changed", sessions.changed_where_drawn)
    page = AppTest.from_function(picking, default_timeout=PATIENCE_S).run()
    page.button(key="press-a").click()
    on_its_way = page._tree.get_widget_states()
    page.button(key="press-a").set_value(False)
    assert page.button[0].click().run().session_state.code == "b"
    page._run(on_its_way)
    assert page.session_state.pressed == "a"


class Runner:
    """Takes requests, or has ended."""

    def __init__(self, *, ended: bool = False) -> None:
        self.ended = ended
        self.asked: list[RerunData] = []

    def request_rerun(self, data: RerunData) -> bool:
        if not self.ended:
            self.asked.append(data)
        return not self.ended


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[RerunData]:
    """What new runners were made for; each is the session's present one from then on."""
    found: list[RerunData] = []

    def make(session: Any, data: RerunData) -> None:
        found.append(data)
        session._scriptrunner = Runner()

    monkeypatch.setattr(sessions, "_make_runner", make)
    return found


def session_of(runner: Runner | None) -> Any:
    return SimpleNamespace(
        _scriptrunner=runner, _state=AppSessionState.APP_IS_RUNNING, _event_loop=asyncio.get_running_loop()
    )


def test_streamlit_still_makes_its_runs_where_it_is_caught() -> None:
    assert list(inspect.signature(sessions._make_runner).parameters) == ["self", "initial_rerun_data"]
    assert list(inspect.signature(sessions._add_deferred).parameters) == [
        "self", "data_callable", "mimetype", "coordinates", "file_name", "element_id",
    ]  # fmt: skip
    assert "self._create_scriptrunner(rerun_data)" in inspect.getsource(AppSession.request_rerun)
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["fastReruns"] is False


def test_what_an_ended_run_has_drawn_is_handled_before_the_next_one_is_made(made: list[RerunData]) -> None:
    async def run() -> list[str]:
        session, seen = session_of(Runner(ended=True)), []
        ended = session._scriptrunner
        # What it drew waits in the loop, as its thread has left it there.
        for name in ("a", "b"):
            session._event_loop.call_soon(
                lambda name=name: seen.append(name if session._scriptrunner is ended else f"lost {name}")
            )
        sessions.make_runner_in_turn(session, RerunData("x"))
        assert made == [], "not before"
        await asyncio.sleep(0)
        return seen

    assert asyncio.run(run()) == ["a", "b"]
    assert [data.query_string for data in made] == ["x"]


def test_of_two_requests_the_second_goes_to_the_runner_of_the_first(made: list[RerunData]) -> None:
    async def run() -> Any:
        session = session_of(Runner(ended=True))
        sessions.make_runner_in_turn(session, RerunData("x"))
        sessions.make_runner_in_turn(session, RerunData("y"))
        await asyncio.sleep(0)
        return session

    session = asyncio.run(run())
    assert [data.query_string for data in made] == ["x"]
    assert [data.query_string for data in session._scriptrunner.asked] == ["y"]


def test_a_session_without_a_runner_gets_one_at_once_and_an_ended_session_none(made: list[RerunData]) -> None:
    async def run() -> None:
        sessions.make_runner_in_turn(session_of(None), RerunData("x"))
        assert len(made) == 1
        session = session_of(Runner(ended=True))
        sessions.make_runner_in_turn(session, RerunData("y"))
        session._state = AppSessionState.SHUTDOWN_REQUESTED
        await asyncio.sleep(0)

    asyncio.run(run())
    assert [data.query_string for data in made] == ["x"]


def test_the_engine_alone_loads_nothing_of_the_pages() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, cockpit.web.alone; print('streamlit' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "False"


def test_a_file_that_was_asked_for_while_the_page_was_drawn_anew_is_the_newest_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The press names what the run before has drawn; another session's press names another file."""
    who = ["a"]
    monkeypatch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: who[0])
    files = MediaFileManager(MemoryMediaFileStorage("/media"))

    def drawn(what: bytes) -> str:
        files.clear_session_refs(who[0])
        name = sessions.add_by_one_name(files, lambda: what, "text/plain", "0.1", "f.txt", element_id="$$get")
        files.remove_orphaned_files()
        return name

    pressed = drawn(b"old")
    assert drawn(b"new") == pressed
    found = files.execute_deferred(pressed)
    assert files._storage.get_file(found.rsplit("/", 1)[-1]).content == b"new"  # type: ignore[attr-defined]
    who[0] = "b"
    assert drawn(b"theirs") != pressed
