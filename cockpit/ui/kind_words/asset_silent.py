"""A device that is silent, in words."""

from __future__ import annotations

from cockpit.engine.kinds.asset_silent import AssetSilent
from cockpit.ui.kind_words.kind import Words


class AssetSilentWords(Words):
    code = AssetSilent.code
