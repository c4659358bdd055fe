"""When too little is heard for a verdict: doubt comes before judgement, on every screen alike."""

from __future__ import annotations

UNKNOWN_SHARE = 1 / 3
"""From this share without news on, no conclusion is drawn."""


def too_few(unheard: int, total: int) -> bool:
    """Whether so many of `total` are unheard that nothing can be concluded from the others."""
    return total > 0 and unheard / total >= UNKNOWN_SHARE
