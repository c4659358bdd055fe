"""Tables: columns as Arrow, states as badges, a day as a strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from cockpit.domain.text import plain
from cockpit.ui.charts import data_uri
from cockpit.ui.figures import NOTHING
from cockpit.ui.screen import phone
from cockpit.ui.status import GRAY, ORANGE, PALE, RED, Look
from cockpit.ui.words import t

Columns = dict[str, ColumnConfig]

ROW_HEIGHT = 36
FULL_ROWS = 12
"""Up to this many rows a table shows all of them; longer ones scroll."""

FULL_PX = 360
"""Height of a longer one."""


def height_of(rows: int, most: int | None) -> int | Literal["content"]:
    """As high as its rows, so that no empty ones are ruled under them; at most `most` px, by itself that of
    `FULL_ROWS` rows, and of more rows `FULL_PX`."""
    if most is None:
        return "content" if rows <= FULL_ROWS else FULL_PX
    return "content" if (rows + 1) * ROW_HEIGHT + 2 <= most else most


def arrow(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Columns by key as an Arrow table: five times cheaper to send than a data frame."""
    return pa.table({name: list(values) for name, values in columns.items()})


def seen(table: pa.Table) -> pa.Table:
    """The same with nothing unseen or turned round in its texts: names and notes come from outside."""
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            texts = [text if text is None else _seen(text) for text in table.column(at).to_pylist()]
            table = table.set_column(at, field, pa.array(texts, field.type))
    return table


def _seen(text: str) -> str:
    return text if text.isascii() and text.isprintable() else plain(text)


def badge(look: Look, word: str) -> list[str]:
    """A cell of a badge column: glyph and word."""
    return [f"{look.glyph} {word}"]


def badge_column(label: str, looks: Mapping[str, Look], width: int = 140) -> ColumnConfig:
    """A column of badges: `looks` by word, as they occur in the cells."""
    return st.column_config.MultiselectColumn(
        label,
        width=width,
        options=[f"{look.glyph} {word}" for word, look in looks.items()],
        color=[look.tone for look in looks.values()],
    )


def text_column(label: str, width: int | None = None, *, right: bool = False) -> ColumnConfig:
    """Text, or a figure that is only read: written by our formatter and set to the right."""
    return st.column_config.TextColumn(label, width=width, alignment="right" if right else "left")


def number_column(label: str, width: int | None = None) -> ColumnConfig:
    """A small figure that is sorted. Written as the browser's own language does, so nothing that may
    pass a thousand or has decimals: those are text by our formatter."""
    return st.column_config.NumberColumn(label, width=width, format="localized")


def instant_column(label: str, width: int = 110) -> ColumnConfig:
    """An instant in naive provincial time."""
    return st.column_config.DatetimeColumn(label, width=width, format="HH:mm DD/MM")


def share_column(label: str, width: int | None = None) -> ColumnConfig:
    """A share in per cent as a grey bar."""
    return st.column_config.ProgressColumn(
        label, width=width, min_value=0, max_value=100, format="%.0f", color="gray"
    )


def trend_column(label: str, width: int | None = None) -> ColumnConfig:
    """A small grey line of a list of numbers."""
    return st.column_config.LineChartColumn(label, width=width, color="gray")


def strip_column(label: str) -> ColumnConfig:
    """A day as the picture of `strip_svg`."""
    return st.column_config.ImageColumn(label, width=212)


def show(
    table: pa.Table,
    columns: Mapping[str, ColumnConfig],
    *,
    key: str,
    alt: str,
    height: int | None = None,
    width: int | None = None,
    select: bool = False,
) -> list[int]:
    """Draw a table, as wide as its place unless told, and at most `height` px high.

    With `select` one row is always chosen: returns its position within *this* table. The key must hold
    the revision of the data wherever the position is acted on, because a selection stays at its position
    when rows move.
    """
    table = seen(table)
    options: dict[str, Any] = {
        "column_config": dict(columns),
        "column_order": list(columns),
        "hide_index": True,
        "key": key,
        "alt": alt,
        "row_height": ROW_HEIGHT,
        "placeholder": NOTHING,
        "width": width or "stretch",
        "height": height_of(table.num_rows, height),
    }
    if not select:
        st.dataframe(table, **options)
        return []
    event = st.dataframe(table, on_select="rerun", selection_mode="single-row-required", **options)
    rows = event["selection"]["rows"]
    return [row for row in rows if row < table.num_rows]


def facts(pairs: Sequence[tuple[str, str]], *, alt: str) -> None:
    """What is known about one thing: a table of two columns, label and markdown."""
    read({"k": [f":gray[{k}]" for k, _ in pairs], "v": [v for _, v in pairs]}, alt=alt, head=False)


def read(columns: Mapping[str, Sequence[str]], *, alt: str, head: bool = True) -> None:
    """A table that is only read, of markdown by head: its lines wrap, so nothing is cut on a phone."""
    table = pa.table({name: list(cells) for name, cells in columns.items()})
    st.table(table, border="horizontal", hide_header=not head, hide_index=True, alt=alt)


TWIN_PX, TWIN_PHONE_PX = 620, 300
"""The widest that a table one click away may be. Its window is only as wide as what is in it."""


def twin(table: pa.Table, columns: Mapping[str, ColumnConfig], *, key: str, alt: str) -> None:
    """The same as a chart or map shows, as a table, one click away."""
    wide = sum(int(column.get("width") or 150) for column in columns.values()) + 20
    with st.popover(t("ui.as_table"), icon=":material/table:", type="tertiary"):
        show(
            table,
            columns,
            key=key,
            alt=alt,
            height=330 if table.num_rows > FULL_ROWS else None,
            width=min(wide, TWIN_PHONE_PX if phone() else TWIN_PX),
        )


STRIP_STATES = {"good": (7, GRAY), "warn": (14, ORANGE), "bad": (18, RED), "wait": (2, PALE)}


@lru_cache(maxsize=4096)
def strip_svg(states: tuple[str, ...]) -> str:
    """A day, oldest first, as a data URI of 192 × 24: `good`, `warn`, `bad`, `wait`, "" for no data.

    Height and colour both encode trouble; what is missing stays blank, what is still being brought in is
    a thin stroke.
    """
    step = 192 / len(states)
    wide = f"{step * 0.7:.1f}"
    paths = []
    # One path a state: a page has fifty of these pictures.
    for state, (high, color) in STRIP_STATES.items():
        bars = "".join(
            f"M{i * step:.4g} {12 - high / 2:g}h{wide}v{high}h-{wide}z"
            for i, s in enumerate(states)
            if s == state
        )
        if bars:
            paths.append(f'<path fill="{color}" d="{bars}"/>')
    return data_uri(f'<svg xmlns="http://www.w3.org/2000/svg" width="192" height="24">{"".join(paths)}</svg>')
