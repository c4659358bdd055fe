"""Exports of cells by OpenCelliD and Mozilla: with a header line or without one, in either spelling."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

import h3

from cockpit.domain.decimals import decimal, whole
from cockpit.ingest.absence import absent
from cockpit.ingest.bodies import H3_RESOLUTION
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.outside_report import OutsideReport
from cockpit.ingest.textlines import FileError, Item
from cockpit.store.outside import OutsideCell

COLUMNS = (
    "radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples", "changeable", "created",
    "updated", "averageSignal",
)  # fmt: skip
"""Of a file without a header line."""
SPELT = {
    "mnc": "net", "lac": "area", "tac": "area", "cellid": "cell", "cid": "cell", "ci": "cell", "psc": "unit",
    "pci": "unit", "longitude": "lon", "long": "lon", "latitude": "lat", "nbsamples": "samples",
}  # fmt: skip
"""The other spellings of columns, in small letters and without underscores."""
NEEDED = ("radio", "mcc", "net", "area", "cell", "lon", "lat")
RADIOS = ("GSM", "CDMA", "UMTS", "LTE", "NR")

OTHER_COUNTRY = "of other countries"
OUTSIDE = "outside the province"

Box = tuple[float, float, float, float]


def cells(
    items: Iterable[Item], report: OutsideReport, box: Box, mcc: int, origin: str
) -> Iterator[OutsideCell]:
    """The cells of one country that lie in a box (lon, lat, lon, lat); what is not is counted. Raises
    FileError for a header that cannot be used."""
    at: dict[str, int] = {}
    for number, line in items:
        try:
            fields = _fields(line)
            if not fields:
                continue
            if not at:
                at, is_header = _columns(number, fields)
                if is_header:
                    continue
            found = _cell(fields, at, box, mcc, origin)
        except Refusal as refusal:
            report.refuse(number, refusal)
            continue
        if isinstance(found, str):
            report.elsewhere[found] += 1
        else:
            yield found


def _fields(line: bytes | Refusal) -> list[str]:
    if isinstance(line, Refusal):
        raise line
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refusal(Code.BAD_TEXT, "the row is no UTF-8: save the file as CSV in UTF-8") from None
    if '"' not in text:
        return text.split(",") if text.strip() else []
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise Refusal(Code.BAD_ROW, f"the row is no CSV ({error}): close or drop the quote") from None


def _columns(number: int, fields: list[str]) -> tuple[dict[str, int], bool]:
    """Places of the columns by our names, and whether this line was a header. Raises FileError."""
    names = [name.strip().lower().replace("_", "") for name in fields]
    if "mcc" not in names:
        if fields[0].strip().upper() in RADIOS and len(fields) >= len(NEEDED) + 1:
            return {name: i for i, name in enumerate(COLUMNS[: len(fields)])}, False
        expected = ",".join(COLUMNS)
        raise FileError(f"line {number}: found no header and no cell of a radio, expected {expected}")
    at = {SPELT.get(name, name): i for i, name in enumerate(names)}
    if len(at) < len(names):
        raise FileError(f"line {number}: a column is there twice, expected each once")
    if missing := [name for name in NEEDED if name not in at]:
        raise FileError(f"line {number}: columns {', '.join(missing)} are missing")
    return at, True


def _cell(fields: list[str], at: dict[str, int], box: Box, mcc: int, origin: str) -> OutsideCell | str:
    if len(fields) < (width := max(at.values()) + 1):
        raise Refusal(Code.BAD_ROW, f"{len(fields)} fields, expected {width} as in the header")
    country = _whole(fields, at, "mcc")
    if country != mcc:
        return OTHER_COUNTRY
    radio = fields[at["radio"]].strip().upper()
    if radio not in RADIOS:
        raise Refusal(Code.BAD_FIELD, f"column radio: {shown(radio)}, expected one of {', '.join(RADIOS)}")
    lon, lat = _degrees(fields, at, "lon", 180), _degrees(fields, at, "lat", 90)
    lon0, lat0, lon1, lat1 = box
    if not (lon0 <= lon <= lon1 and lat0 <= lat <= lat1):
        return OUTSIDE
    return OutsideCell(
        radio=radio,
        mcc=country,
        net=_whole(fields, at, "net"),
        area=_whole(fields, at, "area"),
        cell=_whole(fields, at, "cell"),
        code=_maybe(fields, at, "unit"),
        lat=lat,
        lon=lon,
        h3=h3.latlng_to_cell(lat, lon, H3_RESOLUTION),
        range=_maybe(fields, at, "range"),
        samples=_maybe(fields, at, "samples"),
        created=_maybe(fields, at, "created"),
        updated=_maybe(fields, at, "updated") or 0,
        origin=origin,
    )


def _whole(fields: list[str], at: dict[str, int], name: str) -> int:
    text = fields[at[name]]
    value = None if absent(text) else whole(text)
    if value is None or value < 0:
        raise Refusal(Code.BAD_FIELD, f"column {name}: {shown(text)}, expected a whole number")
    return value


def _maybe(fields: list[str], at: dict[str, int], name: str) -> int | None:
    """None also for -1, as exports write what they do not know."""
    text = fields[at[name]] if name in at else ""
    if absent(text) or (value := decimal(text)) == -1:
        return None
    if value is None or not 0 <= value < 2**53:
        raise Refusal(Code.BAD_FIELD, f"column {name}: {shown(text)}, expected a whole number or none")
    return round(value)


def _degrees(fields: list[str], at: dict[str, int], name: str, most: int) -> float:
    text = fields[at[name]]
    value = None if absent(text) else decimal(text)
    if value is None or abs(value) > most:
        raise Refusal(Code.BAD_PLACE, f"column {name}: {shown(text)}, expected degrees such as 20.9512")
    return value
