"""Faults that a presenter orders: which are in force, and the form for one more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import streamlit as st

from cockpit.commands.presenting import Fault as FaultOrder
from cockpit.commands.presenting import FaultUndo, StageClear
from cockpit.demo.state import SILENT, SOURCE, UNIT, DemoRun, Fault, Kind
from cockpit.ui import figures
from cockpit.ui.act import may, order
from cockpit.ui.context import cockpit, demo_run
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import has, lang, t
from cockpit.views.stage import StageView

SHOWN = 8
WHOLE = ""
"""Stands for the whole unit among its assets, and for a whole feed among the units."""


def kind_name(code: str, language: str) -> str:
    """A kind of fault in words."""
    if code == SILENT:
        return t("stage.silent", language)
    key = f"fault.{code}"
    return t(key, language) if has(key) else code


def called(fault: Fault, language: str) -> str:
    """A fault that was ordered, in words: a ready one by its name, any other by its kind and its code."""
    run = demo_run()
    ready = None if run is None else run.library.presets.get(fault.preset)
    return (
        ready.name.get(language) if ready is not None else f"{kind_name(fault.kind, language)}: {fault.asset}"
    )


def in_force(view: StageView) -> None:
    """The faults ordered, each with its undo."""
    language = lang()
    found = view.faults
    if not found:
        st.markdown(quiet(t("simulator.no_faults", language)))
    presenter = may(FaultUndo)
    for fault in found[:SHOWN]:
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"fault_{fault.id}"
        ):
            st.markdown(_line(fault, view.now_ms, language), width="stretch")
            if presenter:
                st.button(
                    t("simulator.undo", language),
                    icon=":material/undo:",
                    type="tertiary",
                    key=f"undo_{fault.id}",
                    on_click=_undo,
                    args=(fault,),
                )
    if len(found) > SHOWN:
        st.markdown(quiet(t("stage.more_faults", language, n=len(found) - SHOWN)))


def clear(view: StageView) -> None:
    """All of it ends at once."""
    if may(StageClear) and (view.faults or view.acts):
        st.button(
            t("stage.clear"),
            icon=":material/mop:",
            type="tertiary",
            key="clear",
            on_click=order,
            args=(StageClear(),),
        )


def _line(fault: Fault, now: int, language: str) -> str:
    profile = cockpit().profile
    named = profile.asset.get(fault.asset)
    if named is not None:
        name = named.name
    elif fault.asset in profile.source:
        name = profile.source[fault.asset].name.get(language)
    else:
        unit = profile.unit.get(fault.asset)
        name = unit.name if unit is not None else ""
    rest = (
        t("stage.from", language, time=figures.instant(fault.since_ms, now))
        if fault.since_ms > now
        else figures.left(fault.until_ms, now, language)
    )
    title = called(fault, language) if fault.preset else kind_name(fault.kind, language)
    head = f"{icon('bolt', 'violet')} **{escape(title)}**"
    return f"{head}  \n{quiet(f'{escape(fault.asset)} · {escape(str(name))} · {rest}')}"


def _undo(fault: Fault) -> None:
    order(FaultUndo(id=fault.id), called(fault, lang()))


def form() -> None:
    """Which fault, on what, for how long."""
    language, run = lang(), demo_run()
    if run is None or run.recorded or not may(FaultOrder) or not run.library.kinds:
        return
    st.markdown(f"## {t('simulator.inject', language)}", anchors=False)
    kind = _kind(run, language, st.selectbox)
    about = f"fault_about.{kind.code}"
    if has(about):
        st.markdown(quiet(t(about, language)))
    with st.container(horizontal=True, gap="small"):
        asset = _target(run, kind, language, st.selectbox)
    _lengths(kind, language)
    st.button(
        t("simulator.inject", language),
        icon=":material/bolt:",
        key="inject",
        disabled=not asset,
        on_click=_inject,
        args=(run, language),
    )


def _inject(run: DemoRun, language: str) -> None:
    """Order what the form says now: what is typed just before a click arrives with it, after the drawing."""
    kind = _kind(run, language, _said)
    asset = _target(run, kind, language, _said)
    size = float(st.session_state.get(_key("size", kind), kind.size))
    message = FaultOrder(asset=asset, kind=kind.code, size=size, **_seconds(kind))
    order(message, f"{kind_name(kind.code, language)} · {asset}")


class Pick(Protocol):
    """One of some options, as a person chose it: drawn as a field, or read from the field."""

    def __call__(
        self, label: str, options: Sequence[str], *, format_func: Callable[[str], str], key: str
    ) -> str: ...


def _said(label: str, options: Sequence[str], *, format_func: Callable[[str], str], key: str) -> str:
    """What the field says now, or the first option where it was not drawn yet."""
    said = str(st.session_state.get(key, ""))
    return said if said in options else next(iter(options), "")


def _kind(run: DemoRun, language: str, pick: Pick) -> Kind:
    kinds = run.library.kinds
    return kinds[
        pick(
            t("stage.fault_kind", language),
            list(kinds),
            format_func=lambda c: kind_name(c, language),
            key=f"fault_kind_{language}",
        )
    ]


def _target(run: DemoRun, kind: Kind, language: str, pick: Pick) -> str:
    """The code of what is to be struck."""
    profile = cockpit().profile
    if kind.on == (SOURCE,):
        return _feed(run, kind, language, pick)
    here = [a for a in profile.assets if a.kind in kind.on]
    able = {a.unit for a in here}
    units = [u.code for u in profile.units if UNIT in kind.on or u.code in able]
    unit = pick(
        t("stage.unit", language),
        [WHOLE, *units] if SOURCE in kind.on else units,
        format_func=lambda c: t("stage.whole_feed", language) if c == WHOLE else profile.unit[c].name,
        key=f"fault_unit_{kind.code}_{language}",
    )
    if unit == WHOLE:
        return _feed(run, kind, language, pick)
    if UNIT in kind.on:
        return unit
    assets = [a.code for a in here if a.unit == unit]
    asset = pick(
        t("simulator.asset", language),
        [*assets, WHOLE] if len(assets) > 1 else assets,
        format_func=lambda c: t("stage.whole_unit", language, n=len(assets)) if c == WHOLE
        else f"{c} · {profile.asset[c].name}",
        key=f"fault_asset_{kind.code}_{unit}_{language}",
    )  # fmt: skip
    return unit if asset == WHOLE else asset


def _feed(run: DemoRun, kind: Kind, language: str, pick: Pick) -> str:
    """The code of a source."""
    profile = cockpit().profile
    sources = [s.code for s in profile.inputs if s.time == "domain" and kind in run.kinds_on(s.code)]
    return pick(
        t("stage.source", language), sources, format_func=lambda c: profile.source[c].name.get(language),
        key=f"fault_source_{'devices_' if kind.devices else ''}{language}",
    )  # fmt: skip


def _lengths(kind: Kind, language: str) -> None:
    """Onset, height and end in minutes, and the strength where the kind has one."""
    with st.container(horizontal=True, gap="small"):
        for name, seconds in _usual(kind).items():
            st.number_input(
                t(f"stage.{name}", language), min_value=0.0, max_value=10_080.0, value=seconds / 60, step=5.0,
                format="%g", key=_key(name, kind), width=130,
            )  # fmt: skip
        if kind.size:
            key = f"stage.unit_{kind.unit}"
            unit = t(key, language) if has(key) else kind.unit
            st.number_input(
                t("stage.strength", language, unit=escape(unit)), value=kind.size, step=abs(kind.size) / 10,
                format="%g", key=_key("size", kind), width=170,
            )  # fmt: skip


def _usual(kind: Kind) -> dict[str, float]:
    """Seconds of each part of a fault of this kind, if nobody says otherwise."""
    return {"hold": kind.hold_s, "ramp": kind.ramp_s, "recovery": kind.recovery_s}


def _key(name: str, kind: Kind) -> str:
    return f"fault_{name}_{kind.code}"


def _seconds(kind: Kind) -> dict[str, int]:
    """What the fields say now, in seconds, by the names of an order."""
    usual = _usual(kind)
    return {f"{n}_s": round(st.session_state.get(_key(n, kind), s / 60) * 60) for n, s in usual.items()}
