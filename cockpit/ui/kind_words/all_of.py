"""All of several conditions, in words."""

from __future__ import annotations

from cockpit.engine.kinds.all_of import AllOf
from cockpit.ui.kind_words.kind import Combines


class AllOfWords(Combines):
    code = AllOf.code
