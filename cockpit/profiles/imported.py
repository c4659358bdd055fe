"""Where imported boundaries lie in a data directory, and which areas stand on the maps."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cockpit.profiles.model import Profile

NAME = "boundaries.geojson"


def save(data_dir: Path, shapes: Iterable[tuple[str, dict[str, Any]]], profile: Profile) -> None:
    """Put boundaries in place of the drawn areas, whole or not at all. Raises OSError."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": profile.unit[code].name},
            "geometry": geometry,
        }
        for code, geometry in shapes
    ]
    collection = {"type": "FeatureCollection", "features": features}
    data_dir.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix="boundaries-", suffix=".part", dir=data_dir)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(collection, file, ensure_ascii=False, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, data_dir / NAME)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    directory = os.open(data_dir, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def areas(data_dir: Path, profile: Profile) -> tuple[Path, str]:
    """The file of the areas on the maps and what tells its content from the one before: "" for the drawn
    areas, which never change."""
    path = data_dir / NAME
    try:
        found = path.stat()
    except OSError:
        return profile.areas_path, ""
    return path, f"{found.st_mtime_ns:x}-{found.st_ino:x}"
