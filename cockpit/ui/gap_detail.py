"""One coverage gap: where it lies, why it is one, whom it concerns, what was done, what comes next."""

from __future__ import annotations

from collections.abc import Sequence

import pydeck as pdk
import streamlit as st

from cockpit.domain.registers import Step
from cockpit.ui import choose, figures, gap_record, gap_steps, live, maps, request_ask, tables
from cockpit.ui import gap_words as words
from cockpit.ui.context import cockpit
from cockpit.ui.kept import frozen
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.plan_words import body
from cockpit.ui.words import lang, t
from cockpit.views import gaps as gaps_view
from cockpit.views.gaps import Gap, GapView

ZOOM = 11.5
SITES = (62, 127, 193, 230)


def opened(asked: str) -> None:
    """The gap that the address names, with a way to let it go."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    found = live.view(gaps_view.one, number) if number is not None else None
    if found is None:
        st.markdown(gone(asked))
        return
    with st.container(border=True, gap="xsmall", key="gap-detail"):
        st.button(
            t("requests.close"), icon=":material/close:", type="tertiary", key="gap-close",
            on_click=choose.let_go, args=("id",),
        )  # fmt: skip
        detail(found)


def detail(found: GapView) -> None:
    """Draw it into the current container."""
    gap, now_ms = found.gap, found.now_ms
    look = words.look_of(gap, now_ms)
    marks = [
        badge(f"{look.glyph} {escape(words.state_word(gap))}", look.tone),
        badge(t(f"gaps.kind_{gap.kind}")),
    ]
    if gap.life.reopened:
        marks.append(badge(t("gaps.reopened_n", n=gap.life.reopened), "orange"))
    head = f"{icon(look.icon, look.tone)} {words.code(gap)} · {escape(words.place(gap))}"
    st.markdown(f"## {head}\n\n{' '.join(marks)}", anchors=False)
    st.markdown(words.why(gap))
    alt = t("gaps.map_alt", code=words.code(gap), place=words.place(gap))
    maps.draw(frozen(_deck(gap)), key=f"gap-map-{gap.entry.id}", alt=alt, height=230)
    tables.facts(_facts(gap, now_ms), alt=t("gaps.facts_alt"))
    _before_after(gap)
    gap_steps.step(gap, now_ms)
    _history(found.history, now_ms)
    st.download_button(
        t("gaps.record"), data=lambda: gap_record.page(found).encode(), mime="text/html",
        file_name=f"{words.code(gap)}.html", icon=":material/print:", key=f"gap-record-{gap.entry.id}",
        type="tertiary", on_click="ignore",
    )  # fmt: skip
    request_ask.ask("gap", str(gap.entry.id), gap.entry.owner)


def gone(asked: str) -> str:
    """The address names a gap that is not there."""
    return quiet(t("gaps.gone", id=escape(asked[:40])))


def _facts(gap: Gap, now_ms: int) -> list[tuple[str, str]]:
    entry, ground, language = gap.entry, gap.ground, lang()
    basis = quiet(t(f"gaps.basis_{gap.people.basis}"))
    pairs = [
        (t("gaps.col_operators"), escape(words.operators(gap))),
        (t("gaps.col_people"), f"{words.people(gap)} {basis}"),
        (t("gaps.hamlets"), _hamlets(gap)),
        (t("gaps.standing"), words.standing(ground)),
        (t("gaps.reach"), words.reach(ground)),
        (t("gaps.opened"), figures.both(entry.opened, now_ms)),
        (t("gaps.last"), figures.instant(entry.facts.get("last"), now_ms)),
        (t("gaps.col_owner"), escape(body(entry.owner, language))),
    ]  # fmt: skip
    if gap.open:
        told = words.due(gap, now_ms)
        pairs.append((t("gaps.col_due"), f":red[**{told}**]" if gap.late(now_ms) else told))
    if gap.life.money is not None:
        pairs.append((t("gaps.money"), t("gaps.money_told", n=gap.life.money)))
    return pairs


def _hamlets(gap: Gap) -> str:
    if not gap.hamlets:
        return quiet(t("gaps.unknown"))
    told = [
        t("gaps.hamlet_inside" if one.inside else "gaps.hamlet_near",
          name=escape(one.hamlet.name), km=figures.number(one.metres / 1000, 1))
        for one in gap.hamlets
    ]  # fmt: skip
    made = f" {badge(t('gaps.made_up'))}" if any(one.hamlet.made_up for one in gap.hamlets) else ""
    return "; ".join(told) + made


def _before_after(gap: Gap) -> None:
    """What the work has changed, once something is measured."""
    life = gap.life
    if life.before is None:
        return
    after = words.measure(life.after) if life.after else quiet(t("gaps.after_waits"))
    st.markdown(f"### {t('gaps.compared')}", anchors=False)
    tables.facts(
        [(t("gaps.before"), words.measure(life.before)), (t("gaps.after"), after)], alt=t("gaps.compared")
    )


def _history(history: Sequence[Step], now_ms: int) -> None:
    """The steps of its life, newest first."""
    steps = history[::-1]
    st.markdown(f"### {t('requests.history')}", anchors=False)
    tables.read(
        {
            t("requests.col_when"): [figures.compact(s.t, now_ms) for s in steps],
            t("requests.col_step"): [words.what(s) for s in steps],
            t("requests.col_actor"): [
                t("gaps.by_cockpit") if s.actor == "engine" else escape(s.actor) for s in steps
            ],
            t("requests.col_shown"): [shown(s, now_ms) for s in steps],
        },
        alt=t("requests.history_alt"),
    )


def shown(step: Step, now_ms: int) -> str:
    """What shows a step, in one line."""
    evidence = step.evidence
    parts = [escape(str(evidence["note"]))] if evidence.get("note") else []
    parts += [escape(str(one)) for one in evidence.get("documents", [])]
    parts += [f"{icon('attach_file')} {escape(str(one['name']))}" for one in evidence.get("evidence", [])]
    if "owner" in evidence:
        parts.append(escape(body(str(evidence["owner"]))))
    if "due" in evidence:
        parts.append(t("time.due", when=figures.instant(int(evidence["due"]), now_ms)))
    if "measured" in evidence:
        parts.append(t("gaps.looks", n=int(evidence["measured"]["groups"])))
    elif "groups" in evidence:
        parts.append(t("gaps.looks", n=int(evidence["groups"])))
    return " · ".join(parts) or figures.NOTHING


def _deck(gap: Gap) -> pdk.Deck:
    """The ground of the gap on the map, looked at from near, with its hamlets."""
    entry = gap.entry
    rows = [{"h3": cell, "text": words.code(gap)} for cell in entry.facts["cells"]]
    near = [{"lon": one.hamlet.lon, "lat": one.hamlet.lat, "text": one.hamlet.name} for one in gap.hamlets]
    style = "bad" if gap.open else "good"
    deck = maps.deck([maps.hex_layer(maps.HexLayer(style, rows)), maps.point_layer("hamlets", near, SITES)])
    box = cockpit().profile.bbox
    deck.initial_view_state = pdk.ViewState(
        longitude=entry.facts.get("lon", (box[0] + box[2]) / 2),
        latitude=entry.facts.get("lat", (box[1] + box[3]) / 2),
        zoom=ZOOM,
    )
    return deck
