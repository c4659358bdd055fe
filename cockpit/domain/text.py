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

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad"  # controls, soft hyphen
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # letters without a shape
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"  # no width, no sign
    "\ud800-\udfff\ue000-\uf8ff"  # halves of signs, private ones
    "\U000e0000-\U0010ffff]"  # tags, private ones
)


def plain(text: str) -> str:
    """One line of what can be seen: ends of lines become spaces, controls, marks of direction and signs
    of no width are dropped, letters are composed."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BREAKS.sub(" ", text))).strip()
