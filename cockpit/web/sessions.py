"""What a session of the pages must not lose or take twice: what was drawn, and what a person has pressed.

Five things of Streamlit's, which go wrong where a machine is busy:

- The browser sends a press a moment after it, and the timer that draws a page anew takes along what waits to
  be sent. Where the two meet, a press comes twice: "pause" becomes "go on" again. So presses are taken out of
  what a timer has sent; they come by themselves.
- A run ends in a thread of its own; what it has drawn waits for the event loop. A request that comes to the
  loop first finds the run ended and has another one made, and what the ended run drew would be thrown away.
  So the other run is made after that is handled.
- A message that was on its way while a widget went tells its value once more, and that is taken for a change
  by somebody: what was chosen before is chosen again. So a widget that is no longer drawn changes nothing.
- A file that is made when somebody asks for it has a new name with every run, and the last one is forgotten:
  a press that was on its way gets nothing. So it has one name for a session and an element.
- With `runner.fastReruns` a request to draw the whole page ends the present run at once, together with a
  press that waits for its turn. So that setting is off.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.state.session_state import SessionState

PRESSES = ("trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value")
"""Kinds of a widget's value that stand for something done once."""

_request = AppSession.request_rerun
_make_runner = AppSession._create_scriptrunner
_changed = SessionState._widget_changed
_add_deferred = MediaFileManager.add_deferred
_SECRET = secrets.token_bytes(32)


def install() -> None:
    """Let all sessions of this process make their runs this way."""
    AppSession.request_rerun = request_without_double  # type: ignore[method-assign]
    AppSession._create_scriptrunner = make_runner_in_turn  # type: ignore[method-assign]
    SessionState._widget_changed = changed_where_drawn  # type: ignore[method-assign]
    MediaFileManager.add_deferred = add_by_one_name  # type: ignore[method-assign]


def request_without_double(self: AppSession, client_state: ClientState | None) -> None:
    """`AppSession.request_rerun`; what a timer has sent holds no presses."""
    if client_state is not None and client_state.is_auto_rerun:
        widgets = client_state.widget_states.widgets
        kept = [widget for widget in widgets if widget.WhichOneof("value") not in PRESSES]
        if len(kept) < len(widgets):
            del widgets[:]
            widgets.extend(kept)
    _request(self, client_state)


def make_runner_in_turn(self: AppSession, initial_rerun_data: Any) -> None:
    """`AppSession._create_scriptrunner`, once the loop has handled what the present runner has left there.

    A runner's events stand in the loop's queue before it refuses requests, so what is appended now comes
    after them."""
    ended = self._scriptrunner
    if ended is None:
        _make_runner(self, initial_rerun_data)
        return

    def then() -> None:
        if self._state == AppSessionState.SHUTDOWN_REQUESTED:
            return
        present = self._scriptrunner
        if present is not None and present is not ended and present.request_rerun(initial_rerun_data):
            return  # somebody else's request had one made meanwhile
        _make_runner(self, initial_rerun_data)

    self._event_loop.call_soon(then)


def changed_where_drawn(self: SessionState, widget_id: str) -> bool:
    """`SessionState._widget_changed`; what the last run has not drawn has no value there to differ from. A
    press counts all the same: it was meant, of what stood there for whoever pressed."""
    known = self._new_widget_state.widget_metadata.get(widget_id)
    pressed = known is not None and known.value_type in PRESSES
    return (pressed or widget_id in self._old_state) and _changed(self, widget_id)


def add_by_one_name(
    self: MediaFileManager,
    data_callable: Callable[[], Any],
    mimetype: str | None,
    coordinates: str,
    file_name: str | None = None,
    *,
    element_id: str = "",
) -> str:
    """`MediaFileManager.add_deferred`; one name for all runs of a session, which cannot be guessed."""
    made = _add_deferred(self, data_callable, mimetype, coordinates, file_name, element_id=element_id)
    if not element_id:
        return made
    with self._lock:
        entry = self._deferred_callables.pop(made, None)
        if entry is None:
            return made
        session = entry["session_id"]
        name = blake2b(f"{session}\0{element_id}".encode(), key=_SECRET, digest_size=16).hexdigest()
        self._deferred_callables[name] = entry
        self._deferred_ids_by_session[session].discard(made)
        self._deferred_ids_by_session[session].add(name)
        self._files_by_session_and_coord[session][coordinates] = name
    return name
