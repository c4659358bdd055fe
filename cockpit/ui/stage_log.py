"""What presenters did, in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.demo.state import STARTER
from cockpit.store.queries.stage import Done
from cockpit.ui import figures
from cockpit.ui.context import demo_run
from cockpit.ui.marks import escape, quiet
from cockpit.ui.stage_faults import kind_name
from cockpit.ui.words import has, lang, t
from cockpit.views.stage import StageView

LOG_SHOWN = 6


def log(view: StageView) -> None:
    """What presenters did, newest first."""
    language = lang()
    st.markdown(f"## {t('stage.log', language)}", anchors=False)
    if not view.log:
        st.markdown(quiet(t("stage.log_empty", language)))
    st.markdown("  \n".join(line(done, view.now_ms, language) for done in view.log[:LOG_SHOWN]))


def line(done: Done, now: int, language: str) -> str:
    """When, what, and who: markdown."""
    name = done.name
    if name == "stage_begin" and done.args.get("ended"):
        name = "stage_begin_replace"
    key = f"stage.did_{name}"
    said = t(key, language, **_facts(done.name, done.args, language)) if has(key) else escape(done.name)
    who = t("alerts.machine", language) if done.actor == STARTER else escape(done.actor)
    return f"{quiet(figures.compact(done.t, now))} {said} {quiet('· ' + who)}"


def _facts(name: str, args: dict[str, object], language: str) -> dict[str, str]:
    """What fills the sentence about a command."""
    run = demo_run()
    if name in ("stage_begin", "stage_end"):
        return {
            "what": escape(stories(str(args.get("scenario", "")).split(), language)),
            "before": escape(stories(str(args.get("ended", "")).split(), language)),
        }
    if name == "stage_preset":
        ready = None if run is None else run.library.presets.get(str(args.get("preset")))
        return {"what": escape(str(args.get("preset")) if ready is None else ready.name.get(language))}
    if name == "fault":
        kind = kind_name(str(args.get("kind")), language)
        return {"what": escape(kind), "where": escape(str(args.get("asset")))}
    if name == "clock_speed":
        return {"speed": figures.number(_number(args.get("speed")), 0, language)}
    if name == "clock_step":
        return {"span": figures.span(_number(args.get("seconds")), language)}
    if name == "clock_jump":
        return {"time": figures.instant(int(_number(args.get("to"))))}
    if name == "clock_pause":
        return {
            "what": t("simulator.paused_word" if args.get("paused") else "simulator.resumed_word", language)
        }
    if name == "fault_undo":
        return {"id": str(args.get("id"))}
    return {}


def stories(codes: Sequence[str], language: str) -> str:
    """The names of scenarios, with commas between them."""
    run = demo_run()
    known = run.library.scenarios if run is not None else {}
    return ", ".join(known[c].name.get(language) if c in known else c for c in codes)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
