"""A plan as a workbook: to take along, and to bring back."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cockpit.commands import Result
from cockpit.commands.plan_putting import PlanPut
from cockpit.domain.plans.drafts import Mistake
from cockpit.domain.plans.putting import completed
from cockpit.ingest import plan_reading, plan_writing
from cockpit.ingest.plan_layout import MAX_FILE
from cockpit.ingest.plan_reading import Brought, Wrong
from cockpit.store.queries import plans
from cockpit.ui import figures, scope, wrong_cells
from cockpit.ui.act import carry_out, may
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.words import has, lang, t
from cockpit.views.plans import PlanView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOLD = "plan-brought"
"""Where a session holds what became of the last workbook that was brought: name, the first of what is wrong
and how many cells more, counts."""

Counts = dict[str, int]
Told = tuple[str, list[Wrong], int, Counts]


def workbook(view: PlanView) -> None:
    """The way out for everybody, the way in for who may. A workbook holds a whole plan: there is none of a
    unit's part."""
    if scope.unit():
        return
    facts, language = view.plan.facts, lang()
    with st.popover(t("plans.workbook"), icon=":material/table_view:", type="tertiary"):
        st.markdown(quiet(t("plans.workbook_note")))
        st.download_button(
            t("plans.download"),
            data=lambda: plan_writing.write(view.plan, cockpit().profile, language),
            file_name=f"{facts.code}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            key=f"plan-download-{facts.code}-{language}",
            on_click="ignore",
        )
        if may(PlanPut):
            _bring()


def _bring() -> None:
    file_key, reason_key = "plan-file", "plan-file-reason"

    def clicked() -> None:
        found = st.session_state.get(file_key)
        if isinstance(found, UploadedFile):
            reason = str(st.session_state.get(reason_key) or "")
            st.session_state[_TOLD] = bring(found.name, found.getvalue(), reason)

    st.file_uploader(t("plans.upload"), type="xlsx", key=file_key, max_upload_size=MAX_FILE >> 20)
    st.text_input(t("plans.upload_reason"), key=reason_key, max_chars=500, on_change="ignore")
    st.button(t("plans.upload_do"), icon=":material/upload:", key="plan-upload", on_click=clicked)


def bring(name: str, data: bytes, reason: str) -> Told:
    """Put the plan of a workbook into the register, all of it or nothing."""
    here = cockpit()
    brought = plan_reading.read(data, here.profile)
    if brought.draft is None:
        return name, brought.wrong, brought.more, {}
    with here.store.read() as conn:
        draft = completed(brought.draft, plans.plan(conn, brought.draft.code))
    result = carry_out(PlanPut(plan=draft), what=name, reason=reason)
    wrong = _refused(brought, result)
    return name, wrong, max(0, int(result.facts.get("wrong", 0)) - len(wrong)), _counts(result)


def _refused(brought: Brought, result: Result) -> list[Wrong]:
    """What was refused of it, by cells."""
    found = result.facts.get("mistakes", [])
    return [brought.where(Mistake(**one)) for one in found]


def _counts(result: Result) -> Counts:
    if not result.ok:
        return {}
    return {name: int(result.facts[name]) for name in ("new", "edited", "same", "left")}


def told() -> None:
    """What became of the workbook that was brought last, until it is put away."""
    found: Told | None = st.session_state.get(_TOLD)
    if found is None:
        return
    name, wrong, more, counts = found
    if not wrong and not counts:  # a reason is missing, or a right: that is told once
        del st.session_state[_TOLD]
        return
    with st.container(border=True, gap="xsmall", key="plan-told"):
        if counts:
            n = counts
            said = t(
                "plans.brought",
                name=escape(name),
                new=n["new"],
                edited=n["edited"],
                same=n["same"],
                left=n["left"],
            )
            st.markdown(f"{icon('check', 'blue')} {said}")
        else:
            count = figures.number(len(wrong) + more)
            st.markdown(f"{icon('report', 'red')} {t('plans.wrong', name=escape(name), count=count)}")
            _wrong(wrong, more)
        st.button(t("plans.put_away"), type="tertiary", key="plan-told-away", on_click=_put_away)


def _put_away() -> None:
    st.session_state.pop(_TOLD, None)


def _wrong(wrong: list[Wrong], more: int) -> None:
    cells = [(w.sheet, w.cell, w.found, why(w.code)) for w in wrong]
    wrong_cells.draw(cells, more, key="plan-wrong", height=300)


def why(code: str) -> str:
    """What is wrong with a cell, and what would be right."""
    key = f"plans.wrong_{code}"
    return t(key) if has(key) else code
