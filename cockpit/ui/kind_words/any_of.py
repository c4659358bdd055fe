"""Any of several conditions, in words."""

from __future__ import annotations

from cockpit.engine.kinds.any_of import AnyOf
from cockpit.ui.kind_words.kind import Combines


class AnyOfWords(Combines):
    code = AnyOf.code
