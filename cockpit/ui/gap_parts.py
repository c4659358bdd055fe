"""The parts of the page of coverage gaps: verdict, filters, weights, list, files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cockpit.domain.coverage.affected import Weights, ranks
from cockpit.domain.coverage.gap_life import STATES, State
from cockpit.ingest import gap_writing
from cockpit.ui import choose, figures, scope, tables
from cockpit.ui import gap_words as words
from cockpit.ui.context import cockpit
from cockpit.ui.marks import icon, quiet
from cockpit.ui.pick import pick
from cockpit.ui.plan_words import body
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views import gap_rows
from cockpit.views.gaps import Gap, GapsView

ALL = ""
LIST_PX = 470
MEDIA = {
    "csv": "text/csv", "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def verdict(view: GapsView) -> str:
    """How many are open, how many overdue, how many people they concern: markdown."""
    if view.counted:
        return f"# {icon('hourglass_empty', 'gray')} {t('gaps.counted', n=view.counted)}"
    if not view.gaps:
        return f"# {icon('check_circle', 'gray')} {t('gaps.none')}"
    if not view.open:
        return f"# {icon('check_circle', 'green')} {t('gaps.all_closed', n=len(view.gaps))}"
    late = sum(gap.late(view.now_ms) for gap in view.open)
    told = [t("gaps.verdict_open", n=len(view.open))]
    if late:
        told.append(t("gaps.verdict_late", n=late))
    told.append(t("gaps.verdict_people", n=sum(gap.people.mid for gap in view.open)))
    return f"# {icon('report', 'red') if late else icon('flag', 'orange')} {', '.join(told)}"


def filters(view: GapsView) -> list[Gap]:
    """Draw the filters; the gaps that are left."""
    n = {state: sum(gap.entry.state == state for gap in view.gaps) for state in STATES}
    chosen = choose.many(
        "state",
        STATES,
        t("gaps.states"),
        lambda s: t("gaps.pill", name=t(f"gaps.state_{s}"), n=n[s]),
        default=STATES[:-1],
        hide=False,
    )
    profile, language = cockpit().profile, lang()
    unit = choose.follow(
        scope.PARAM,
        [ALL, *profile.unit],
        t("gaps.unit"),
        lambda code: profile.unit[code].short if code in profile.unit else t("gaps.every_unit", language),
        width=200,
    )
    operator = choose.pick_one(
        "operator",
        [ALL, *profile.operators],
        t("coverage.operator"),
        lambda code: profile.operators.get(code, t("gaps.every_operator", language)),
        width=200,
    )
    kept: tuple[State, ...] = chosen or STATES
    return [
        gap
        for gap in view.gaps
        if gap.entry.state in kept
        and unit in (ALL, gap.entry.unit)
        and (operator == ALL or operator in gap.bad_operators)
    ]


def weights() -> Weights:
    """Draw what the order comes from, and let it be changed."""
    usual = Weights()
    with st.expander(t("gaps.weights"), icon=":material/tune:", key="gap-weights"):
        st.markdown(quiet(t("gaps.weights_note")))
        with st.container(horizontal=True, gap="medium"):
            found = [
                int(st.slider(t(f"gaps.weight_{name}"), 0, 10, value, key=f"gap-weight-{name}", width=170))
                for name, value in usual._asdict().items()
            ]
    return Weights(*found)


def listing(view: GapsView, found: Sequence[Gap], weight: Weights) -> None:
    """Gaps as a table, the heaviest first; choosing one opens it."""
    if not found:
        st.markdown(quiet(t("gaps.empty")))
        return
    language, now_ms = lang(), view.now_ms
    points = ranks({gap.entry.id: gap.weighed(now_ms) for gap in view.gaps}, weight)
    rows = sorted(found, key=lambda gap: (-points[gap.entry.id], gap.entry.id))
    shown = {words.state_word(gap, language): words.LOOKS[gap.entry.state] for gap in rows}  # type: ignore[index]
    table = tables.arrow(
        {
            "code": [words.code(gap) for gap in rows],
            "state": [
                tables.badge(words.LOOKS[gap.entry.state], words.state_word(gap, language))  # type: ignore[index]
                for gap in rows
            ],
            "unit": [words.place(gap) for gap in rows],
            "kind": [t(f"gaps.kind_{gap.kind}", language) for gap in rows],
            "people": [figures.number(gap.people.mid, 0, language) for gap in rows],
            "due": [words.due(gap, now_ms, language) for gap in rows],
            "owner": [body(gap.entry.owner, language) for gap in rows],
            "operators": [words.operators(gap) for gap in rows],
            "points": [figures.number(points[gap.entry.id], 0, language) for gap in rows],
        }
    )
    columns = {
        "code": tables.text_column(t("gaps.col_code", language), 64),
        "state": tables.badge_column(t("gaps.col_state", language), shown, 130),
        "unit": tables.text_column(t("gaps.unit", language), 110 if phone() else 140),
        "people": tables.text_column(t("gaps.col_people", language), 80, right=True),
        "due": tables.text_column(t("gaps.col_due", language), 130),
        "kind": tables.text_column(t("gaps.col_kind", language), 100),
        "owner": tables.text_column(t("gaps.col_owner", language), 200),
        "operators": tables.text_column(t("gaps.col_operators", language), 180),
        "points": tables.text_column(t("gaps.col_points", language), 70, right=True),
    }
    pick(
        tables.seen(table), [str(gap.entry.id) for gap in rows], columns,
        key="gaps-list", alt=t("gaps.list_alt", n=len(rows)), height=LIST_PX,
    )  # fmt: skip


def take_along(found: Sequence[Gap]) -> None:
    """What is listed as files for operators."""
    here, language = cockpit(), lang()

    def made(form: str) -> bytes:
        rows = gap_rows.rows(found, here.profile, simulated=here.is_demo, lang=language)
        return gap_writing.write(form, rows, [gap.entry.facts["cells"] for gap in found])

    with st.container(horizontal=True, gap="small"):
        for form, media in MEDIA.items():
            st.download_button(
                t("gaps.download", form=form.upper()), data=partial(made, form), mime=media,
                file_name=f"diem-lom-song.{form}", icon=":material/download:", key=f"gaps-{form}",
                type="tertiary", on_click="ignore", disabled=not found,
            )  # fmt: skip
