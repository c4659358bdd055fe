"""What a phone measured: LTE alone decides about 4G, other technologies measure on other scales."""

from __future__ import annotations

LTE = "4g"
"""Also what a sample is that does not say."""

GENERATIONS = ("2g", "3g", LTE, "5g")

NAMES: dict[str, tuple[str, ...]] = {
    "2g": ("GSM", "GPRS", "EDGE"),
    "3g": ("UMTS", "WCDMA", "TD_SCDMA", "HSDPA", "HSUPA", "HSPA", "HSPA+"),
    LTE: ("LTE", "LTE_CA", "LTE-A"),
    "5g": ("NR", "NR_SA", "NR_NSA", "NSA"),
}
"""Names by generation, as Android and exports write them; beside them the generation itself. NSA is no LTE:
which of its two carriers was measured it does not say. Whoever measured the anchor writes LTE."""

ALL = (*(name for names in NAMES.values() for name in names), "2G", "3G", "4G", "5G")
"""Every name that is understood."""

_KNOWN = {name.lower(): code for code, names in NAMES.items() for name in (code, *names)}


def generation(name: str) -> str | None:
    """One of GENERATIONS, None for what is no known technology. Capitals do not matter."""
    return _KNOWN.get(name.strip().lower())
