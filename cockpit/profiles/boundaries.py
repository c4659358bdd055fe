"""Reading official boundaries of units from GeoJSON: joined by code, never by name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.profiles.model import Profile

CODE_KEYS = ("code", "ma_xa", "maxa", "ma", "ward_code", "unit")
"""Properties that may hold the unit's code, in any letters. The one that most features share with the
profile's units comes first, then this order: a running number may stand beside the code."""

MAX_GEOJSON = 32 * 1024 * 1024
"""Bytes of a file of boundaries after inflating: 54 units at 50 m have half a megabyte."""

_NAME_KEYS = ("name", "ten", "ten_xa", "tenxa", "ward_name")
_DIGITS = re.compile(r"([0-9]{1,5})(?:\.0*)?")
_WGS84 = re.compile(r"(?:^|[:/ ])(?:CRS:?84|EPSG(?:[:/]+[0-9.]*)?[:/]+4326|4326)$|^WGS ?_?(?:19)?84$", re.I)
_MAX_SHOWN = 20


class BoundaryError(ValueError):
    """A file of boundaries that cannot be used. `problems` are sentences naming the feature."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        shown = problems[:_MAX_SHOWN]
        if len(problems) > _MAX_SHOWN:
            shown = [*shown, f"… and {len(problems) - _MAX_SHOWN} more"]
        super().__init__("the boundaries cannot be used:\n" + "\n".join(shown))


def read_geojson(data: bytes) -> object:
    """The JSON of a file. Raises BoundaryError."""
    try:
        return json.loads(data)
    except RecursionError:
        raise BoundaryError(["brackets are nested absurdly deep, expected GeoJSON"]) from None
    except UnicodeDecodeError as error:
        raise BoundaryError([f"byte {error.start} is no UTF-8, expected GeoJSON in UTF-8"]) from None
    except ValueError as error:
        raise BoundaryError([f"found no JSON ({error}), expected GeoJSON"]) from None


def parse_boundaries(
    geojson: object, profile: Profile, told: list[str] | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """Unit code and geometry of every unit of the profile, in the profile's order.

    Expects a FeatureCollection in WGS84 degrees with exactly one Polygon or MultiPolygon for each
    unit and the five-digit code in one of the properties CODE_KEYS. Raises BoundaryError with every
    mistake: a missing or unknown or repeated code, another coordinate system, open or short rings, empty
    parts, corners that are no place of the province. Shapes that cross themselves are mended, and `told`
    gets a sentence for each.
    """
    from cockpit.profiles.shapes import ShapeError, mended  # loads shapely, which nobody else needs

    features = _features(geojson)
    problems: list[str] = []
    keys = _ranked(features, profile)
    found: dict[str, tuple[int, dict[str, Any] | None]] = {}
    for position, feature in enumerate(features, 1):
        code, wrong = _unit(feature, keys, profile)
        if wrong:
            problems.append(f"feature {position}{wrong}")
            continue
        where = f"feature {position} (unit {code} {profile.unit[code].name})"
        if code in found:
            problems.append(
                f"{where}: found a second time after feature {found[code][0]}, expected each unit once"
            )
            continue
        found[code] = position, None
        try:
            _expect_wgs84(feature, where)
            made, note = mended(feature.get("geometry"), profile.bbox)
        except (ShapeError, BoundaryError) as error:
            problems += error.problems if isinstance(error, BoundaryError) else [f"{where}: {error}"]
            continue
        found[code] = position, made
        if note and told is not None:
            told.append(f"{where}: {note}")
    missing = [code for code in profile.unit if code not in found]
    if missing:
        names = ", ".join(f"{code} {profile.unit[code].name}" for code in missing)
        problems.append(f"key features: found no boundary for {names}, expected every unit")
    if problems:
        raise BoundaryError(problems)
    return [(u.code, shape) for u in profile.units if (shape := found[u.code][1]) is not None]


def _features(geojson: object) -> list[Any]:
    if not isinstance(geojson, Mapping):
        raise BoundaryError([f"found {_shown(geojson)}, expected an object of type FeatureCollection"])
    if geojson.get("type") != "FeatureCollection":
        raise BoundaryError([f"key type: found {_shown(geojson.get('type'))}, expected 'FeatureCollection'"])
    _expect_wgs84(geojson, "the file")
    features = geojson.get("features")
    if not isinstance(features, list) or not features:
        raise BoundaryError(["key features: found nothing, expected one feature for each unit"])
    return features


def _expect_wgs84(holder: Mapping[str, Any], where: str) -> None:
    """Raises BoundaryError for a coordinate system that is not longitude and latitude in WGS 84."""
    geometry = holder.get("geometry")
    for owner in (holder, geometry if isinstance(geometry, Mapping) else {}):
        crs = owner.get("crs")
        if crs is None:
            continue
        inner = crs.get("properties") if isinstance(crs, Mapping) else None
        name = _crs_name(crs, inner) if isinstance(inner, Mapping) else crs
        if not (isinstance(name, str) and _WGS84.search(name.strip())):
            raise BoundaryError(
                [
                    f"{where}, key crs: found {_shown(name)}, expected WGS 84 (CRS84 or EPSG:4326): "
                    "convert the file from VN-2000 first (`ogr2ogr -t_srs EPSG:4326 new.geojson old.geojson`)"
                ]
            )


def _crs_name(crs: Mapping[str, Any], inner: Mapping[str, Any]) -> object:
    """How a coordinate system is called; old programs write type `EPSG` and properties `{"code": 4326}`."""
    code = inner.get("code")
    if crs.get("type") == "EPSG" and isinstance(code, int | str) and not isinstance(code, bool):
        return f"EPSG:{code}"
    return inner.get("name", inner.get("href", crs))


def _ranked(features: list[Any], profile: Profile) -> list[str]:
    """CODE_KEYS, those first that lead more features to units of the profile."""
    hits = Counter({key: len(found & profile.unit.keys()) for key, found in _values(features).items()})
    return sorted(CODE_KEYS, key=lambda key: -hits[key])


def _values(features: list[Any]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {key: set() for key in CODE_KEYS}
    for feature in features:
        for key, value in _properties(feature):
            code = _code(value)
            if key in values and code:
                values[key].add(code)
    return values


def _unit(feature: Any, keys: list[str], profile: Profile) -> tuple[str, str]:
    """The code of a feature's unit, or what is wrong, to be read after its number."""
    if not isinstance(feature, Mapping):
        return "", f": found {_shown(feature)}, expected an object of type Feature"
    given: dict[str, list[Any]] = {}
    for key, value in _properties(feature):
        given.setdefault(key, []).append(value)
    tried = [(key, value) for key in keys for value in given.get(key, ())]
    for _, value in tried:
        code = _code(value)
        if code in profile.unit:
            return code, ""
    name = next((given[key][0] for key in _NAME_KEYS if isinstance(given.get(key, [0])[0], str)), "")
    called = f" of {name[:60]!r}" if name else ""
    code = next((_code(value) for _, value in tried if _code(value)), "")
    if code:
        found = ", ".join(f"{key} {_shown(value)}" for key, value in tried)
        return (
            "",
            f" (unit {code}): found an unknown code{called} ({found}), expected one of the profile's units",
        )
    keys_ = ", ".join(CODE_KEYS)
    return "", f": found no code of a unit in its properties{called}, expected one of {keys_}"


def _properties(feature: Any) -> Iterator[tuple[str, Any]]:
    """Properties with their keys in small letters."""
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if isinstance(properties, Mapping):
        for key, value in properties.items():
            yield key.strip().lower(), value


def _code(value: object) -> str:
    """Five digits, "" if there are none. Spreadsheets take leading zeros off and put `.0` on."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    digits = _DIGITS.fullmatch(str(value).strip())
    return digits[1].zfill(5) if digits else ""


def _shown(value: object) -> str:
    """What was found, short: a list or an object by its kind alone."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = "null" if value is None else repr(value)[:60]
    return text
