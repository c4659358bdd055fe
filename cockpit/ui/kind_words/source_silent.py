"""A feed that is silent, in words."""

from __future__ import annotations

from cockpit.engine.kinds.source_silent import SourceSilent
from cockpit.ui.kind_words.kind import Words


class SourceSilentWords(Words):
    code = SourceSilent.code
