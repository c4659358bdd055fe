"""A feed much of which is refused, in words."""

from __future__ import annotations

from cockpit.engine.kinds.source_refused import SourceRefused
from cockpit.ui.kind_words.kind import Shares


class SourceRefusedWords(Shares):
    code = SourceRefused.code
    counted = "refused"
