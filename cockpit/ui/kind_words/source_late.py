"""A feed that is late, in words."""

from __future__ import annotations

from cockpit.engine.kinds.source_late import SourceLate
from cockpit.ui.kind_words.kind import Words


class SourceLateWords(Words):
    code = SourceLate.code
