"""The parts of the page of citizens' feedback: verdict, filters, list, places, fields, clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import streamlit as st

from cockpit.domain.feedback import (
    LEAST,
    NEAR_M,
    NEAR_MS,
    UNUSUAL,
    Cluster,
    Count,
    Petition,
    Sight,
    sight,
)
from cockpit.domain.periods import HOUR_MS
from cockpit.ui import choose, figures, live, nav, people, province_map, scope
from cockpit.ui import feedback_words as words
from cockpit.ui.components import rows
from cockpit.ui.components.province import Shown
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.screen import phone
from cockpit.ui.words import lang, t
from cockpit.views import feedback as feedback_view
from cockpit.views.feedback import DAYS, FeedbackView

Petitions = Sequence[Petition]
SECTIONS = ("list", "places", "fields", "clusters")
STATES = ("open", "late", "closed", "all")
EVERY = ""
MOST = 200
"""Rows that are drawn at once."""
HEATS = 4
"""Shades of the map."""

_TAKES: dict[str, Callable[[Petition, int], bool]] = {
    "open": lambda one, _: one.open,
    "late": lambda one, now_ms: one.late(now_ms),
    "closed": lambda one, _: not one.open,
    "all": lambda _, __: True,
}


def verdict(view: FeedbackView) -> str:
    """How many are open and overdue, and how many clusters there are: markdown."""
    if not view.petitions:
        return f"# {icon('record_voice_over', 'gray')} {t('feedback.none', days=DAYS)}"
    n = view.count()
    told = [t("feedback.verdict_open", n=n.open)]
    if n.late:
        told.append(t("feedback.verdict_late", n=n.late))
    if view.clusters:
        told.append(t("feedback.verdict_clusters", n=len(view.clusters)))
    look = ("report", "red") if n.late else ("pending", "orange") if n.open else ("check_circle", "green")
    return f"# {icon(*look)} {', '.join(told)}"


def figures_of(n: Count) -> str:
    """What came and how what was closed ended: markdown."""
    told = (
        t("feedback.received", days=DAYS, n=n.received),
        t("feedback.closed_n", n=n.closed),
        t("feedback.on_time", share=words.share(n.on_time, n.closed)),
        t("feedback.satisfied", share=words.share(n.satisfied, n.rated)),
    )
    return quiet(" · ".join(told))


def filters(view: FeedbackView) -> tuple[Petition, ...]:
    """Draw the filters; the petitions that pass them."""
    profile, language = cockpit().profile, lang()
    field = choose.asked("field") or EVERY
    known, asked = (*view.clusters, *view.cluster_of.values()), choose.asked("cluster")
    cluster = next((c for c in known if c.key == asked), None)
    among = view.petitions
    if cluster is not None:  # closed ones, too; of a unit alone where the page shows no other
        inside = {one.key for one in cluster.petitions}
        among = tuple(one for one in among if one.key in inside)
    mine = [one for one in among if field in (EVERY, one.field)]
    n = {state: sum(_TAKES[state](one, view.now_ms) for one in mine) for state in STATES}
    state = choose.one(
        "state",
        STATES,
        t("feedback.state"),
        lambda s: t("feedback.pill", name=t(f"feedback.is_{s}"), n=n[s]),
    )
    choose.follow(
        scope.PARAM, [EVERY, *profile.unit], t("feedback.unit"),
        lambda code: profile.unit[code].short if code else t("feedback.every_unit", language), width=190,
    )  # fmt: skip
    choose.follow(
        "field", [EVERY, *view.fields], t("feedback.field"),
        lambda code: words.field(code, language) if code else t("feedback.every_field", language), width=230,
    )  # fmt: skip
    if cluster is not None:
        st.button(
            t("feedback.leave_cluster", n=len(among)), icon=":material/close:", type="tertiary",
            key="cluster-leave", on_click=choose.let_go, args=("cluster",),
        )  # fmt: skip
    return tuple(one for one in mine if _TAKES[state](one, view.now_ms))


def seen(unit: str) -> Sight:
    """What whoever looks may read of a petition of a unit."""
    person = people.current()
    return sight(person.role, person.unit, unit)


def listing(view: FeedbackView, found: Sequence[Petition]) -> None:
    """Petitions as rows; choosing one opens it."""
    if not found:
        st.markdown(quiet(t("feedback.empty")))
        return
    shown = tuple(found[:MOST])
    texts = live.view(feedback_view.written, tuple(one.key for one in shown)) if seen("") != "nothing" else {}
    language, small = lang(), phone()
    columns = [
        rows.Column(t("feedback.state", language), "badge"),
        rows.Column(t("feedback.what" if texts else "feedback.field", language), "main"),
        *([rows.Column(t("feedback.field", language))] if texts else []),
        rows.Column(t("feedback.unit", language)),
        rows.Column(t("feedback.came", language), "figure"),
        rows.Column(t("feedback.end", language), "figure"),
    ]

    def row(one: Petition) -> rows.Row:
        look, about = words.look_of(one, view.now_ms), words.field(one.field, language)
        cells = (
            words.state_word(one, view.now_ms, language),
            *((texts.get(one.key) or about, about) if texts else (about,)),
            words.place(one.unit, language),
            figures.compact(one.opened, view.now_ms),
            words.end(one, view.now_ms, language),
        )
        return rows.Row(one.key, cells, look.tone, look.glyph)

    told = kept(
        view, lambda: rows.Rows(tuple(columns), tuple(row(one) for one in shown)),
        "feedback", language, small, bool(texts), tuple(one.key for one in shown),
    )  # fmt: skip
    loose = [one.key for one in shown]
    rows.pick(told, key="feedback-list", label=t("feedback.list_alt", n=len(found)), loose=loose)
    if len(found) > MOST:
        st.markdown(quiet(t("feedback.more", n=MOST, whole=len(found))))


def places(view: FeedbackView, found: Sequence[Petition]) -> None:
    """The communes as a heat map of what passes the filters."""
    counts = _counted(found, lambda one: one.unit)
    known, language = cockpit().profile.unit, lang()
    counts = {code: n for code, n in counts.items() if code in known}
    top = max((len(some) for some in counts.values()), default=0)

    def made() -> Shown:
        return Shown(
            {
                code: (f"heat{_heat(len(some), top)}", t("feedback.heat", language, n=len(some)))
                for code, some in counts.items()
            },
            t("feedback.heat", language, n=0),
        )

    same = tuple((code, len(some)) for code, some in counts.items())
    alt = t("feedback.map_alt", language, n=len(found), units=len(counts))
    province_map.draw(
        kept(None, made, "feedback-map", same, language), key="feedback_map", label=alt,
        chosen=scope.unit(), on_pick=_picked,
    )  # fmt: skip
    st.markdown(quiet(t("feedback.heat_note", top=top)))


def _heat(n: int, top: int) -> int:
    """1 to `HEATS`: equal steps up to the most that any unit has."""
    return max(1, -(-n * HEATS // top))


def _picked(code: str) -> None:
    if code:
        choose.put(scope.PARAM, code)
    else:
        choose.let_go(scope.PARAM)


def by_unit(view: FeedbackView, found: Sequence[Petition]) -> None:
    """The same by unit, the most first; a press on one shows that one alone."""
    _table(view, found, lambda one: one.unit, words.place, scope.PARAM, "feedback.unit")


def by_field(view: FeedbackView, found: Sequence[Petition]) -> None:
    """By what they are about, the most first; a press on one shows that one alone."""
    _table(view, found, lambda one: one.field, words.field, "field", "feedback.field")


def _counted(found: Sequence[Petition], of: Callable[[Petition], str]) -> dict[str, list[Petition]]:
    groups: dict[str, list[Petition]] = defaultdict(list)
    for one in found:
        groups[of(one)].append(one)
    return groups


def _table(
    view: FeedbackView,
    found: Sequence[Petition],
    of: Callable[[Petition], str],
    name: Callable[[str, str | None], str],
    param: str,
    head: str,
) -> None:
    language = lang()
    groups = _counted(found, of)
    if not groups:
        st.markdown(quiet(t("feedback.empty")))
        return
    heads = ("listed", "is_open", "is_late", "col_on_time", "col_satisfied")
    columns = (
        rows.Column(t(head, language), "main"),
        *(rows.Column(t(f"feedback.{h}", language), "figure") for h in heads),
    )
    made = []
    for code, some in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        n = view.count(tuple(some))
        numbers = (figures.number(value, 0, language) for value in (len(some), n.open, n.late))
        on_time, happy = words.share(n.on_time, n.closed), words.share(n.satisfied, n.rated)
        made.append(rows.Row(code, (name(code, language), *numbers, on_time, happy)))
    rows.pick(
        rows.Rows(columns, tuple(made)), key=f"feedback-{param}", label=t(head, language), param=param,
        loose=list(groups),
    )  # fmt: skip


def clusters(view: FeedbackView) -> Cluster | None:
    """Clusters of one complaint as rows; the chosen one."""
    if not view.clusters:
        st.markdown(quiet(t("feedback.no_clusters")))
        return None
    language = lang()
    columns = (
        rows.Column(t("feedback.n", language), "badge"),
        rows.Column(t("feedback.field", language), "main"),
        rows.Column(t("feedback.unit", language)),
        rows.Column(t("feedback.first", language), "figure"),
        rows.Column(t("feedback.last", language), "figure"),
    )

    def row(one: Cluster) -> rows.Row:
        late = any(p.late(view.now_ms) for p in one.petitions)
        look = words.LATE if late else words.GROUP
        cells = (
            t("feedback.cluster_n", language, n=len(one.petitions)),
            words.field(one.field, language),
            ", ".join(words.place(unit, language) for unit in one.units),
            figures.compact(one.first, view.now_ms),
            figures.compact(one.last, view.now_ms),
        )
        return rows.Row(one.key, cells, look.tone, look.glyph)

    made = rows.Rows(columns, tuple(row(one) for one in view.clusters))
    key = rows.pick(
        made, key="feedback-clusters", label=t("feedback.clusters_alt", n=len(view.clusters)),
        param="cluster", required=True,
    )  # fmt: skip
    return next((c for c in view.clusters if c.key == key), None)


def _rule() -> str:
    """What makes petitions one complaint."""
    hours, km = NEAR_MS // HOUR_MS, NEAR_M // 1000
    return t("feedback.cluster_rule", hours=hours, km=km, least=LEAST, times=UNUSUAL)


def cluster(view: FeedbackView, one: Cluster) -> None:
    """One cluster in a few sentences, with the way to its petitions."""
    place = ", ".join(escape(words.place(unit)) for unit in one.units)
    head = f"## {icon('group_work', 'blue')} {escape(words.field(one.field))}, {place}"
    told = t(
        "feedback.cluster_told", n=len(one.petitions), open=one.open,
        first=figures.instant(one.first, view.now_ms), last=figures.instant(one.last, view.now_ms),
    )  # fmt: skip
    st.markdown(head, anchors=False)
    st.markdown(lines(told, quiet(_rule())))
    params = {"cluster": one.key, "state": "all"}
    nav.link("feedback", t("feedback.open_cluster", n=len(one.petitions)), icon="list", params=params)
