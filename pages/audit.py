"""What people did with the cockpit and what became of it, to be searched and taken along."""

import streamlit as st

from cockpit.ui import audit_parts as parts
from cockpit.ui import choose, live, people, refresh
from cockpit.ui.kept import kept
from cockpit.ui.marks import icon, quiet
from cockpit.ui.panel import guarded
from cockpit.ui.words import lang, t
from cockpit.views import audit as audit_view


@refresh.fragment
def audit() -> None:
    if not people.opens("audit"):
        st.markdown(f"# {icon('lock', 'gray')} {t('audit.shut')}", anchors=False)
        st.markdown(quiet(t("audit.shut_why")))
        return
    verdict = st.container(key="audit-verdict")
    days, kind, query, row = parts.filters()
    view = live.view(audit_view.build, days)
    verdict.markdown(parts.verdict(view), anchors=False)
    entries = kept(view, lambda: parts.found(view, kind, query), "audit-found", kind, query, lang())
    with row:
        parts.take_along(entries)
    asked = choose.asked("id")
    left, right = st.columns([5, 3]) if asked else (st.container(), None)
    with left, guarded("list"):
        parts.listing(view, entries, query)
    if right is not None:
        with right, guarded("one"):
            opened(view, asked or "")


def opened(view: audit_view.AuditView, asked: str) -> None:
    """The command that the address names."""
    entry = next((e for e in view.entries if str(e.seq) == asked), None)
    if entry is None:
        st.markdown(quiet(t("audit.gone")))
        return
    with st.container(border=True, gap="xsmall", key="audit-detail"):
        parts.detail(view, entry)


audit()
