"""Text that people type: what of it is kept.

Signs that are not seen, or that turn round what stands beside them, let one thing look like another: a
name like its neighbour's, a note like another note, a file like another kind.
"""

from __future__ import annotations

import re
import unicodedata

MAX_NOTE = 500
"""Signs of a note or a reason."""
MAX_ASKED = 100
"""Signs of what an address asks for, and of what is searched."""

_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_CODE = re.compile(r"[\x20-\x7e]*")


def unseen(sign: str) -> bool:
    """Whether this sign is a control, a mark of direction, of no width, or stands for nothing."""
    return unicodedata.category(sign) in _UNSEEN


def plain(text: str) -> str:
    """One line of what can be seen: ends of lines become spaces, controls, marks of direction and signs
    of no width are dropped, letters are composed."""
    if _CODE.fullmatch(text):
        return text.strip()
    seen = "".join(" " if c in _BREAKS else "" if unseen(c) else c for c in text)
    return unicodedata.normalize("NFC", seen).strip()
