"""Faults that lie ready: one press each for a presenter, for others greyed with the reason."""

from __future__ import annotations

import streamlit as st

from cockpit.commands.presenting import StagePreset
from cockpit.demo.state import Preset
from cockpit.ui.act import may, order
from cockpit.ui.context import demo_run
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import lang, t
from cockpit.views.stage import StageView


def there() -> bool:
    """Whether this province has any."""
    run = demo_run()
    return run is not None and bool(run.library.presets)


def presets(view: StageView) -> None:
    """The ready faults of the province."""
    language, run = lang(), demo_run()
    if run is None:
        return
    st.markdown(f"## {t('stage.presets', language)}", anchors=False)
    why = "" if may(StagePreset) else "only_presenter"
    if run.recorded:
        why = "error_recorded"
    st.markdown(
        quiet(f"{icon('lock')} {t(f'stage.{why}', language)}" if why else t("stage.presets_note", language))
    )
    on = {fault.preset for fault in view.faults}
    with st.container(horizontal=True, gap="small", key="presets"):
        for code, ready in run.library.presets.items():
            _ready(code, ready, why or ("in_force" if code in on else ""), language)


def _ready(code: str, ready: Preset, why: str, language: str) -> None:
    about = escape(ready.about.get(language))
    name = ready.name.get(language)
    st.button(
        escape(name),
        icon=":material/bolt:",
        help=f"{about}  \n{t(f'stage.{why}', language)}" if why else about,
        disabled=bool(why),
        key=f"preset_{code}",
        on_click=order,
        args=(StagePreset(preset=code), name),
    )
