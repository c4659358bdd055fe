"""A province as data: units, sources, metrics, assets, indicators, rules, facts, map files.

Another province is another folder, here or anywhere. Everything is checked when it is
loaded: a wrong file gives a `ProfileError` that lists every mistake with its file and its line or key.
"""

from __future__ import annotations

from cockpit.profiles.boundaries import BoundaryError, parse_boundaries
from cockpit.profiles.load import load, load_folder, read_rules
from cockpit.profiles.model import AssetKind, Coverage, Fact, Place, Profile
from cockpit.profiles.reader import ProfileError

__all__ = [
    "AssetKind",
    "BoundaryError",
    "Coverage",
    "Fact",
    "Place",
    "Profile",
    "ProfileError",
    "load",
    "load_folder",
    "parse_boundaries",
    "read_rules",
]
