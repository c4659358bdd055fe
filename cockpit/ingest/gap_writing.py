"""Coverage gaps as files for operators: CSV, GeoJSON and XLSX, a row a gap, the same columns in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import h3

FORMS = ("csv", "geojson", "xlsx")
COLUMNS = (
    "code", "state", "kind", "unit", "commune", "hamlets", "hamlets_made_up", "lat", "lon", "operators",
    "people_low", "people",
    "people_high", "people_basis", "households", "schools", "offices", "grid", "road", "cells", "samples",
    "groups", "bad_share", "mean_dbm", "last_measured", "opened", "owner", "due", "money_million", "built",
    "closed", "reopened", "simulated",
)  # fmt: skip
"""Instants in ISO 8601 with offset, shares from 0 to 1; what is not known is empty.
`hamlets_made_up`: they are of an illustrative register; `simulated`: the measurements are."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

Row = Mapping[str, Any]


def write(form: str, rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> bytes:
    """The rows in one of `FORMS`; `cells` is the ground of each. Raises KeyError for another form."""
    if form == "geojson":
        return _geojson(rows, cells)
    return {"csv": _csv, "xlsx": _xlsx}[form](rows)


def _csv(rows: Sequence[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_defused(row.get(name)) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Row]) -> bytes:
    from openpyxl import Workbook  # needs half a second: only who writes one waits

    book = Workbook()
    sheet = book.active
    sheet.title = "gaps"
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([_defused(row.get(name)) for name in COLUMNS])
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _geojson(rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {name: row.get(name) for name in COLUMNS},
            "geometry": h3.cells_to_h3shape(list(ground)).__geo_interface__,
        }
        for row, ground in zip(rows, cells, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _defused(value: Any) -> Any:
    """A text that a spreadsheet would reckon begins with a sign that keeps it a text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
