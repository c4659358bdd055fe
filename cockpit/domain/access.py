"""Who may open which page, and what on it not everybody sees: the one table for pages, API and docs.

Whom the cockpit lets in at all is asked before (on an address beyond loopback nobody who is not signed in).
What somebody may do there is asked of commands; `Page.acts` only says which of them a page offers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.roles import OF_A_UNIT, ROLES, Reader, Role

Viewer = Role | Reader
VIEWERS: tuple[Viewer, ...] = (*ROLES, "reader")
"""Every role, then whoever has none: nobody is signed in, or the settings name no role."""

Reach = Literal["nothing", "own", "all"]
"""Of which units somebody sees a thing: of none, of the own one, of every one."""

Part = Literal["audit", "words", "person"]
"""What people did with the cockpit; what a citizen wrote; who a citizen is, and all else that a feed tells of
one. Both stand in petitions and in events that were refused."""

_EVERY_ROLE: Mapping[Viewer, Reach] = dict.fromkeys(ROLES, "all")

PARTS: Mapping[Part, Mapping[Viewer, Reach]] = {
    "audit": _EVERY_ROLE,
    "words": _EVERY_ROLE,
    "person": {"leader": "all", "admin": "all", **dict.fromkeys(sorted(OF_A_UNIT), "own")},
}
"""By viewer; who is not named sees nothing of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: a whole page of a part is shut for who does not see that part (`shut`); `parts` are hidden on
    it, `acts` are the commands that it offers to those who may give them."""

    name: str
    acts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    shut: Part | None = None


_OF_FIGURES = ("request_explanation", "task_assign")

PAGES: tuple[Page, ...] = (
    Page("home", ("assign", "request_explanation", "gap_plan")),
    Page("indicators", (*_OF_FIGURES, "decision_note", "decision_withdraw", "report_withdraw", "target_set")),
    Page(
        "alerts",
        (
            *_OF_FIGURES, "acknowledge", "acknowledge_many", "acknowledge_undo", "assign", "assign_many",
            "close", "comment", "escalate", "maintenance", "out_of_service", "reopen", "rule_off", "rule_on",
            "rules_reload", "shelve", "silence", "unacknowledge", "unsilence",
        ),
    ),
    Page("coverage", (*_OF_FIGURES, "gap_verify", "gap_plan", "gap_build", "gap_close", "gap_reopen")),
    Page("cameras"),
    Page("sources", ("notify_retry", "notify_test"), parts=("words", "person")),
    Page(
        "simulator",
        (
            "clock_jump", "clock_pause", "clock_reset", "clock_speed", "clock_step", "fault", "fault_undo",
            "stage_begin", "stage_clear", "stage_end", "stage_preset",
        ),
    ),
    Page(
        "plans",
        (
            *_OF_FIGURES, "plan_put", "project_paid", "target_move", "task_explain", "task_move",
        ),
    ),
    Page("feedback", parts=("words", "person")),
    Page("requests", ("accept", "answer", "send_back")),
    Page("reports", ("report_add", "report_add_many", "report_withdraw")),
    Page("gaps", (*_OF_FIGURES, "gap_verify", "gap_plan", "gap_build", "gap_close", "gap_reopen")),
    Page("units"),
    Page("indices"),
    Page("handover", ("hand_over", "take_over")),
    Page("kpis"),
    Page("audit", shut="audit"),
)  # fmt: skip
"""Every page, in the order of the menu."""

BY_NAME: Mapping[str, Page] = {page.name: page for page in PAGES}


def reach(part: Part, viewer: Viewer) -> Reach:
    """Of which units somebody sees a part."""
    return PARTS[part].get(viewer, "nothing")


def sees(part: Part, viewer: Viewer, own: str = "", unit: str = "") -> bool:
    """Whether somebody of the unit `own` sees a part of what belongs to `unit`, "" where that is of none or
    of nobody knows which."""
    found = reach(part, viewer)
    return found == "all" or (found == "own" and own == unit != "")


def opens(page: str, viewer: Viewer) -> bool:
    """Whether somebody may open a page. What a demo shows of people is made up: there everybody may."""
    shut = BY_NAME[page].shut
    return shut is None or reach(shut, viewer) != "nothing"
