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

_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_SEPARATORS = "\x1c-\x1f"  # of files, groups, records and units
_ENDS = "\x0b\x0c\x85\u2028\u2029"  # of lines, besides CR and newline
_TURNS = "\u202a-\u202e\u2066-\u2069"  # the direction of all that follows

ODD = re.compile(f"[\r{_CONTROLS}{_ENDS}{_TURNS}]")
"""Whatever a text that machines send has to be looked at for: what is refused, and CR."""
LINE_END = re.compile(f"\r\n|[\r{_ENDS}]")
"""What other programs write for a newline."""
REFUSED = re.compile(f"[{_CONTROLS}{_ENDS}{_TURNS}]")
"""What no text that machines send may hold: control characters but tab, CR and newline, rare ends of lines,
and what turns the direction. What is merely unseen is kept as it was sent: languages write with it."""

_BREAKS = re.compile(f"[\t\n\r{_SEPARATORS}{_ENDS}]+")
_UNSEEN = re.compile(
    f"[\t\n\r{_CONTROLS}{_ENDS}{_TURNS}"
    "\xad\u061c\u200e\u200f"  # soft hyphen, marks of direction
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # letters without a shape
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"  # no width, no sign
    "\ud800-\udfff\ue000-\uf8ff"  # halves of signs, private ones
    "\U000e0000-\U0010ffff]"  # tags, private ones
)
"""What is dropped where text is shown, and from what people type: all that is refused, and what is unseen."""


def plain(text: str) -> str:
    """One line of what can be seen: ends of lines become spaces, controls, marks of direction and signs
    of no width are dropped, letters are composed."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BREAKS.sub(" ", text))).strip()
