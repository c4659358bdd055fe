"""Parts of the screen of data sources: verdict, table, one source in full."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.domain.catalog import Source
from cockpit.ui import figures, scope, source_figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import badge, escape, icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.refusal_words import sentence, short
from cockpit.ui.screen import phone
from cockpit.ui.status import GRAY, GREEN, KIND_ICONS, ORANGE, RED, Look
from cockpit.ui.words import lang, t
from cockpit.views.doubt import too_few
from cockpit.views.source import Quarantined, SourceDetail
from cockpit.views.sources import Feed, SourcesView, SourceVerdict

LOOKS: dict[SourceVerdict, Look] = {
    "silent": Look("report", "■", RED, "square", "red"),
    "wrong": Look("help", "◆", GRAY, "diamond", "gray"),
    "late": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "missing": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "never": Look("remove", "◌", GRAY, "circle", "gray"),
    "fresh": Look("check_circle", "●", GREEN, "circle", "green"),
}


def verdict(view: SourcesView) -> str:
    """The first line of the page."""
    counts, timely = view.counts, view.timeliness
    parts = [t("sources.verdict_fresh", fresh=timely.fresh, n=timely.sources)]
    # What keeps no rhythm adds up with what does; what is wrong or missing may be on time.
    told = {
        "silent": timely.silent,
        "late": timely.late,
        "never": timely.never,
        "wrong": counts["wrong"],
        "missing": counts["missing"],
    }
    parts += [t(f"sources.verdict_{name}", n=n) for name, n in told.items() if n]
    if view.doubtful:
        parts.append(t("sources.verdict_doubt", n=view.doubtful))
    look = LOOKS[view.worst.verdict if view.worst else "fresh"]
    if too_few(timely.never, timely.sources):
        return f"# {icon('help', 'gray')} {' · '.join(parts)}"
    return f"# {icon(look.icon, look.tone)} {' · '.join(parts)}"


def name_of(source: Source) -> str:
    """What a source is called."""
    return source.name.get(lang())


def listing(view: SourcesView) -> str | None:
    """All sources; returns the code of the chosen one."""
    small = phone()
    table, columns = kept(view, lambda: _listed(view.feeds, small), "sources", lang(), small)
    codes = [f.source.code for f in view.feeds]
    return pick(table, codes, columns, key="sources", alt=t("sources.table_alt"), height=520)


def _listed(feeds: Sequence[Feed], small: bool) -> tuple[pa.Table, tables.Columns]:
    """Rows and columns; on a `small` screen what is wrong comes before what it is called."""
    language = lang()
    words: dict[SourceVerdict, str] = {v: t(f"sources.state_{v}") for v in LOOKS}
    table = tables.arrow(
        {
            "source": [name_of(f.source) for f in feeds],
            "state": [tables.badge(LOOKS[f.verdict], words[f.verdict]) for f in feeds],
            "age": [figures.NOTHING if f.age_s is None else figures.span(f.age_s, language) for f in feeds],
            "rhythm": [figures.span(f.source.rhythm_s, language) for f in feeds],
            "last": [None if f.last is None else figures.naive(f.last) for f in feeds],
            "complete": [None if f.completeness is None else f.completeness * 100 for f in feeds],
            "volume": [[min(v, VOLUME_TOP) for v in f.volume if v is not None] for f in feeds],
            "rejected": [figures.number(f.rejected, 0, language) for f in feeds],
            "duplicates": [figures.number(f.duplicates, 0, language) for f in feeds],
            "owner": [f.source.owner.get(language) for f in feeds],
            "feeds": [len(f.feeds) for f in feeds],
        }
    )
    first = ("state", "age", "source") if small else ("source", "state", "age")
    columns = {
        "source": tables.text_column(t("sources.col_source"), 245),
        "state": tables.badge_column(t("sources.col_state"), {words[v]: LOOKS[v] for v in LOOKS}, 135),
        "age": tables.text_column(t("sources.col_age"), 75, right=True),
        "rhythm": tables.text_column(t("sources.col_rhythm"), 75, right=True),
        "last": tables.instant_column(t("sources.col_last"), 100),
        "complete": tables.share_column(t("sources.col_complete"), 105),
        "volume": st.column_config.LineChartColumn(
            t("sources.col_volume"), width=115, y_min=0, y_max=VOLUME_TOP, color="gray"
        ),
        "rejected": tables.text_column(t("sources.col_rejected"), 55, right=True),
        "duplicates": tables.text_column(t("sources.col_duplicates"), 60, right=True),
        "owner": tables.text_column(t("sources.col_owner"), 205),
        "feeds": tables.number_column(t("sources.col_feeds"), 100),
    }
    return table, {name: columns[name] for name in (*first, *(n for n in columns if n not in first))}


VOLUME_TOP = 2.0
"""Twice the usual volume is the top of the scale: normal lies in its middle, the same in all rows."""


def detail(found: SourceDetail, feed: Feed) -> None:
    """One source: what it is, what hangs on it, what was refused."""
    source, language, look = found.source, lang(), LOOKS[feed.verdict]
    demo = cockpit().demo is not None
    marks = [
        badge(f"{look.glyph} {t(f'sources.state_{feed.verdict}')}", look.tone),
        badge(t(f"kind.{source.kind}"), "gray", KIND_ICONS[source.kind]),
        badge(escape(source.code)),
    ]
    if found.simulated and demo:
        marks.append(badge(t("kind.simulated"), "violet", "science"))
    st.markdown(f"## {icon('database')} {escape(name_of(source))}\n\n{' '.join(marks)}", anchors=False)
    left, right = st.columns(2)
    with left:
        tables.facts(_facts(found, feed, language, demo), alt=t("sources.facts_alt", source=name_of(source)))
    with right:
        st.markdown(f"### {t('sources.quarantine')}", anchors=False)
        _quarantine(found)
    source_figures.sent(found)
    source_figures.by_hour(found)
    source_figures.devices(found)


def _facts(found: SourceDetail, feed: Feed, language: str, demo: bool) -> list[tuple[str, str]]:
    source = found.source
    kinds = cockpit().profile.kind
    counted = ", ".join(
        t("sources.asset_count", kind=escape(kinds[k].name.get(language)) if k in kinds else escape(k), n=n)
        for k, n in found.kinds
    )
    states = t("sources.asset_states", fresh=feed.fresh, late=feed.late, silent=feed.silent, never=feed.never)
    time = "real" if source.time == "real" else "domain" if demo else "domain_serve"
    calendar = t("sources.feed_always" if source.calendar == "always" else "sources.feed_workdays")
    return [
        (t("sources.col_owner"), escape(source.owner.get(language))),
        (t("sources.col_rhythm"), f"{figures.span(source.rhythm_s)}, {calendar}"),
        (t("sources.col_last"), figures.instant(feed.last)),
        (
            t("sources.limits"),
            t(
                "sources.limits_text",
                late=figures.span(source.late_s),
                silent=figures.span(source.silent_s),
                window=figures.span(source.window_s),
            ),
        ),
        (
            t("sources.events"),
            t(
                "sources.events_text",
                n=feed.events,
                duplicates=feed.duplicates,
                rejected=feed.rejected,
                late=feed.late_events,
            ),
        ),
        (t("sources.time"), t(f"sources.time_{time}")),
        (t("sources.assets"), f"{counted}  \n{states}" if counted else t("sources.assets_none")),
        (
            t("sources.col_feeds"),
            ", ".join(escape(name.get(language)) for _, name in found.feeds) or t("sources.feeds_none"),
        ),
    ]


def _quarantine(found: SourceDetail) -> None:
    if not found.refusals:
        st.markdown(quiet(t("sources.quarantine_none")))
        return
    codes = ", ".join(f"{escape(short(code))} {figures.number(n)}" for code, n in found.kept)
    note = t("sources.quarantine_note", n=len(found.refusals), codes=codes)
    if any(one.withheld for one in found.refusals):
        note += f" {icon('lock')} {t('sources.quarantine_withheld')}"
    st.markdown(quiet(note))
    tables.show(
        _refused(found.refusals),
        {
            "received": tables.instant_column(t("sources.col_received"), 100),
            "reason": tables.text_column(t("sources.col_reason"), 300),
            "code": tables.text_column(t("sources.col_code"), 110),
            "id": tables.text_column(t("sources.col_id"), 140),
            "size": tables.number_column(t("sources.col_size"), 70),
            "payload": tables.text_column(t("sources.col_payload"), 400),
            "original": tables.text_column(t("sources.col_original"), 300),
        },
        key=f"quarantine-{found.source.code}",
        alt=t("sources.quarantine_alt", source=name_of(found.source)),
        height=300 if len(found.refusals) > 7 else None,
    )


def _refused(refusals: Sequence[Quarantined]) -> pa.Table:
    language = lang()
    # Cells of a text column are drawn as text on a canvas: nothing in a payload can become markup.
    return tables.arrow(
        {
            "received": [figures.naive(r.received) for r in refusals],
            "code": [r.code for r in refusals],
            "reason": [sentence(r.code, r.reason, language) for r in refusals],
            "original": [r.reason for r in refusals],
            "id": [r.id for r in refusals],
            "size": [r.size for r in refusals],
            "payload": [r.payload for r in refusals],
        }
    )


def gone(code: str) -> str:
    """The address names a source that the catalogue does not have, or that the unit has nothing of."""
    known = cockpit().profile.source.get(code)
    if known is not None and scope.named():
        return t("sources.elsewhere", source=escape(name_of(known)))
    return t("sources.gone", code=escape(code[:40]))
