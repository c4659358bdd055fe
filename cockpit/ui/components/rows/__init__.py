"""A list of which one row is chosen, as rows of HTML.

A grid that draws on a canvas is slow to load, and no text for the browser's own search. Twenty to two hundred
rows need none of it. Arrow keys go from row to row, Enter chooses; the address names what is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from cockpit.domain.text import MAX_ASKED, plain
from cockpit.ui.choose import asked
from cockpit.ui.components.packaged import Packaged

_component = Packaged(
    "rows", Path(__file__).parent, js="rows.js", css="rows.css", html="<div></div>", own_styles=False
)


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` says how its cells look: a badge with a glyph, the main text, a quiet one, or a figure to the
    right. `label` is its head."""

    label: str
    kind: Literal["badge", "main", "text", "figure"] = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """`key` names it in the address. `cells` go with the columns; `tone` and `glyph` are of its badge.
    A row that has others under it is `opened` or not; those have `under`."""

    key: str
    cells: tuple[str, ...]
    tone: str = "gray"
    glyph: str = ""
    opened: bool | None = None
    under: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The whole list, as it goes to the browser: as text, with nothing unseen or turned round in it. Made
    once for all who look."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sent: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "sent",
            {
                "columns": [[c.label, c.kind] for c in self.columns],
                "rows": [
                    [r.key, r.tone, r.glyph, r.opened, r.under, [plain(c) for c in r.cells]]
                    for r in self.rows
                ],
            },
        )


def pick(
    rows: Rows, *, key: str, label: str, param: str = "id", required: bool = False, loose: Sequence[str] = ()
) -> str | None:
    """Draw the list; return the key that the address names, which a press on a row changes.

    It may be of a row that is no longer listed. With `required` the first row is chosen where nothing is.
    A press on a row of `loose` that the address names lets go of it.
    """
    chosen = named = asked(param)
    if chosen is None and required and rows.rows:
        chosen = rows.rows[0].key

    def pressed() -> None:
        state = st.session_state.get(key)
        found = state.get("pressed") if state is not None else None
        if not isinstance(found, str) or not found:
            return
        if found == named and found in loose:  # what is only taken as chosen is opened by the first press
            st.query_params.pop(param, None)
        else:
            st.query_params[param] = found[:MAX_ASKED]  # of rows that stood there when it was pressed

    _component(
        key=key,
        data={**rows.sent, "chosen": chosen, "label": label},
        width="stretch",
        height="content",
        on_pressed_change=pressed,
    )
    return chosen
