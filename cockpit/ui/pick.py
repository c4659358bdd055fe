"""A table whose chosen row is remembered by its id, in the address, and never by its position."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from cockpit.ui.choose import asked
from cockpit.ui.figures import NOTHING
from cockpit.ui.tables import ROW_HEIGHT, height_of


def pick(
    table: pa.Table,
    ids: Sequence[str],
    columns: Mapping[str, ColumnConfig],
    *,
    key: str,
    alt: str,
    param: str = "id",
    height: int | None = None,
    required: bool = False,
) -> str | None:
    """Draw a table; return the id that the address names, which a click on a row changes.

    A selection stays at its position when rows move, so the widget's key holds the order of the ids:
    another order is another widget, in which the chosen id is marked where it now is. The id returned
    may be of a row that is no longer listed. With `required` the first row is chosen where nothing is.
    """
    order = blake2b("\n".join(ids).encode(), digest_size=6).hexdigest()
    widget = f"{key}-{order}"
    chosen = asked(param)
    if chosen is None and required and ids:
        chosen = ids[0]

    def clicked() -> None:
        rows = st.session_state[widget]["selection"]["rows"]
        if rows and rows[0] < len(ids):
            st.query_params[param] = ids[rows[0]]
        else:
            st.query_params.pop(param, None)

    st.dataframe(
        table,
        key=widget,
        alt=alt,
        column_config=dict(columns),
        column_order=list(columns),
        hide_index=True,
        row_height=ROW_HEIGHT,
        placeholder=NOTHING,
        width="stretch",
        height=height_of(table.num_rows, height),
        on_select=clicked,
        selection_mode="single-row-required" if required and chosen in ids else "single-row",
        selection_default={"selection": {"rows": [ids.index(chosen)]}} if chosen in ids else None,
    )
    return chosen


def search_key(text: str) -> str:
    """Text as it is compared in searches: lower case, without diacritics, đ as d."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))
