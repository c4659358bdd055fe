"""One province played smaller or larger: a tenth, ten times, thirty-four times its assets.

A larger size repeats the province's assets inside the same units, with a suffix on code and name: it
measures load, it is no second province. A smaller one keeps whole chains of dependency.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from cockpit.domain.catalog import Asset, Source
from cockpit.profiles.model import Profile

SCALES: dict[str, float] = {"district": 0.1, "province": 1.0, "region": 10.0, "country": 34.0}
ID_STEP = 10_000
"""Distance between the numbers of an asset and of its next copy."""

KEEP_EVERY = 10

GAPS = 10
"""What people do comes by chance: where there is a tenth of it, a feed is not late before it has missed so
many of its usual gaps. Chance alone brings that about once in twenty thousand."""

WHOLE = ("system", "host")
"""Kinds that every size has exactly once."""


def resized(profile: Profile, size: str) -> Profile:
    """The profile at a size. Rates of records and samples scale with it; rates of assets follow them."""
    scale = SCALES[size]
    if scale < 1:
        assets = _tenth(profile.assets)
    else:
        assets = [c for copy in range(round(scale)) for c in _copy(profile.assets, copy)]
    per_hour: dict[str, float] = {}
    for asset in assets:
        if asset.rhythm_s:
            per_hour[asset.source] = per_hour.get(asset.source, 0.0) + 3600 / asset.rhythm_s
    sources = tuple(_rated(s, scale, per_hour.get(s.code, 0.0)) for s in profile.sources)
    return replace(profile, size=size, scale=scale, assets=tuple(assets), sources=sources)


def _rated(source: Source, scale: float, of_assets: float) -> Source:
    per_hour = round(source.per_hour * scale + of_assets, 4)
    late_s = source.late_s
    if scale < 1 and per_hour and not of_assets:
        late_s = max(late_s, round(GAPS * 3600 / per_hour))
    return msgspec.structs.replace(
        source, per_hour=per_hour, late_s=late_s, silent_s=max(source.silent_s, late_s)
    )


def _copy(assets: tuple[Asset, ...], copy: int) -> list[Asset]:
    if copy == 0:
        return list(assets)
    tail = f"-r{copy + 1:02d}"
    return [
        msgspec.structs.replace(
            a,
            id=a.id + copy * ID_STEP,
            code=a.code + tail,
            name=f"{a.name} ({copy + 1})",
            depends_on=a.depends_on + tail if a.depends_on else "",
        )
        for a in assets
        if a.kind not in WHOLE
    ]


def _tenth(assets: tuple[Asset, ...]) -> list[Asset]:
    """Every tenth group of chain ends with its parent, every tenth lone end, and what they depend on."""
    below: dict[str, list[Asset]] = {}
    by_code = {a.code: a for a in assets}
    for asset in assets:
        below.setdefault(asset.depends_on, []).append(asset)

    def group(code: str) -> bool:
        """Whether everything that depends on `code` is an end: a recorder's cameras, a site's cells."""
        return code in below and not any(c.code in below for c in below[code])

    seen: dict[str, int] = {}
    keep: set[str] = {a.code for a in assets if a.kind in WHOLE}
    for asset in assets:
        lone = asset.code not in below and not (asset.depends_on and group(asset.depends_on))
        if not lone and not group(asset.code):
            continue
        position = seen.get(asset.kind, 0)
        seen[asset.kind] = position + 1
        if position % KEEP_EVERY:
            continue
        keep.update(c.code for c in below.get(asset.code, ()))
        code = asset.code
        while code:
            keep.add(code)
            code = by_code[code].depends_on
    return [a for a in assets if a.code in keep]
