"""The list of alerts as lines that open: columns by what is in them, a group under one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cockpit.ui import figures
from cockpit.ui.alert_words import close_reason, matter, matter_here, matter_of_group, state_of_group
from cockpit.ui.components import rows
from cockpit.ui.context import cockpit
from cockpit.ui.kept import kept
from cockpit.ui.marks import escape
from cockpit.ui.screen import phone
from cockpit.ui.status import PRIORITIES, Look
from cockpit.ui.words import has, lang, t
from cockpit.views.alerts import Alert
from cockpit.views.desk import Group, Line, Row

OVER = Look("check", "✓", "", "", "gray")
UNWATCHED = Look("visibility_off", "△", "", "", "gray")


class Shown(NamedTuple):
    """A row of the table: an alert, or a group. `key` names it in the address; `under` tells that it stands
    under the group above it."""

    key: str
    row: Row | Alert
    group: Group | None = None
    open: bool = False
    under: bool = False


def shown(lines: Sequence[Line], asked: str | None) -> list[Shown]:
    """The rows of a list in which the group that is asked for, or whose member is, stands open."""
    found = []
    for line in lines:
        group = line.group
        if group is None:
            found.append(Shown(line.key, line.row))
            continue
        members = [Shown(str(row.id), row, under=True) for row in group.members]
        opened = asked == group.key or any(m.key == asked for m in members)
        found.append(Shown(group.key, line.row, group, opened))
        if opened:
            found += members
    return found


def alone(alerts: Iterable[Alert]) -> list[Shown]:
    """The rows of a list that groups nothing."""
    return [Shown(str(alert.id), alert) for alert in alerts]


def listing(shown: Sequence[Shown], source: object, *, closed: bool, key: str, name: str) -> str | None:
    """Draw the list, made anew where `source`, what it is made of, is another or `name` is. Returns the key
    of the chosen row."""
    language, small = lang(), phone()

    def make() -> rows.Rows:
        return _rows(shown, closed=closed, small=small, language=language)

    told = kept(source, make, key, name, language, small)
    loose = [row.key for row in shown if row.group is not None]
    return rows.pick(told, key=key, label=t("alerts.table_alt"), required=True, loose=loose)


def _rows(shown: Sequence[Shown], *, closed: bool, small: bool, language: str) -> rows.Rows:
    """Rows and columns. A column in which nothing stands is left out; on a `small` screen the place stands
    with the matter, for there is no room beside it."""
    folds = any(_folded(row) for row in shown)
    columns = [
        rows.Column(t("alerts.col_ending" if closed else "alerts.col_priority", language), "badge"),
        rows.Column(t("alerts.col_matter", language), "main"),
        *([] if small else [rows.Column(t("alerts.col_place", language))]),
        *([rows.Column(t("alerts.col_folded", language), "figure")] if folds else []),
        rows.Column(t("alerts.col_since", language), "figure"),
        rows.Column(t("alerts.col_closed" if closed else "alerts.col_due", language), "figure"),
        rows.Column(t("alerts.col_owner", language)),
    ]
    clock = cockpit().clock
    domain, real = clock.domain_ms(), clock.real_ms()
    found = []
    for row in shown:
        now = real if row.row.real else domain
        look, word = _badge(row, language, closed=closed)
        folded = _folded(row)
        cells = [
            word,
            _matter(row, language, small=small),
            *([] if small else [_place(row, language)]),
            *([figures.number(folded, 0, language) if folded else ""] if folds else []),
            figures.compact(row.row.since if row.group is None else row.group.since, now),
            figures.compact(_due(row, closed=closed), now),
            _owner(row, language),
        ]
        opened = None if row.group is None else row.open
        found.append(rows.Row(row.key, tuple(cells), look.tone, look.glyph, opened, row.under))
    return rows.Rows(tuple(columns), tuple(found))


def _badge(row: Shown, language: str, *, closed: bool) -> tuple[Look, str]:
    """How urgent it is, or how it ended."""
    if closed and isinstance(row.row, Alert):
        if row.row.reckoned:
            return UNWATCHED, t("alerts.reckoned", language)
        return (OVER if row.row.over else UNWATCHED), close_reason(row.row, language)
    return PRIORITIES[row.row.priority], t(f"priority.{row.row.priority}", language)


def _matter(row: Shown, language: str, *, small: bool) -> str:
    if row.group is not None:
        return matter_of_group(row.group, language, here=True)
    if not small:
        return matter_here(row.row, language)
    text = matter(row.row, language)
    return f"{text}, {row.row.place}" if row.row.place not in text else text


def _place(row: Shown, language: str) -> str:
    if row.group is None:
        return row.row.place or t("alerts.province", language)
    if not row.group.units:
        return t("alerts.province", language)
    return t("alerts.communes", language, n=row.group.units)


def _owner(row: Shown, language: str) -> str:
    """Who has to act, and to whom it was brought."""
    owner, to = row.row.owner.get(language), "" if row.group is not None else row.row.escalated
    told = t(f"acting.to_{to}", language) if has(f"acting.to_{to}") else ""
    return t("alerts.owner_told", language, owner=owner, to=told) if told else owner


def _folded(row: Shown) -> int | None:
    """How many problems stand under a row beside its own."""
    return (row.row.folded if row.group is None else row.group.problems - row.group.n) or None


def _due(row: Shown, *, closed: bool) -> int:
    if row.group is not None:
        return row.group.due
    ended = row.row.closed if isinstance(row.row, Alert) else None
    return ended if closed and ended is not None else row.row.due


def in_words(row: Shown, now_ms: int, language: str) -> tuple[str, tuple[str, ...]]:
    """A row as a sentence and what is told under it, as markdown: where there is no table."""
    one = row.row if row.group is None else row.group
    state = t(f"alerts.state_{row.row.state}", language)
    return escape(_matter(row, language, small=False)), (
        escape(_place(row, language)),
        t("home.since", language, when=figures.instant(one.since, now_ms, language)),
        escape(_owner(row, language)),
        figures.due(one.due, now_ms, language),
        state if row.group is None else state_of_group(row.group, language),
    )
