"""A feed that repeats itself, in words."""

from __future__ import annotations

from cockpit.engine.kinds.source_duplicates import SourceDuplicates
from cockpit.ui.kind_words.kind import Shares


class SourceDuplicatesWords(Shares):
    code = SourceDuplicates.code
    counted = "repeats"
