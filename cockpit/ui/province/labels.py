"""Where names stand on a picture: near their place, beside marks, and never over each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LETTER = 0.52
"""Width of a letter in sizes of its font, about: a server has no font to measure with."""
TALL = 1.2
"""Height of a line, with what stands above and below its letters."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in units of the picture."""

_STEPS = [(dx, dy) for dy in (0, -6, 6, -12, 12, -18) for dx in (0, -9, 9, -17, 17)]


@dataclass(frozen=True, slots=True)
class Label:
    """A text in the middle of which `x`, `y` lies."""

    kind: str
    text: str
    x: float
    y: float
    size: float

    def box(self) -> Box:
        wide, high = len(self.text) * LETTER * self.size, TALL * self.size
        return self.x - wide / 2, self.y - high / 2, self.x + wide / 2, self.y + high / 2

    def moved(self, dx: float, dy: float) -> Label:
        return Label(self.kind, self.text, self.x + dx, self.y + dy, self.size)


def placed(
    labels: Iterable[Label], *, within: Box, taken: Iterable[Box], marks: Iterable[Box]
) -> list[Label]:
    """The labels, moved a little where that keeps them off `marks`. What then would stand over another one,
    over what is `taken` or beyond the picture is left out; the first ones have the choice."""
    shut, soft, found = list(taken), list(marks), list[Label]()
    for label in labels:
        best: tuple[float, Label] | None = None
        for dx, dy in _STEPS:
            moved = label.moved(dx, dy)
            box = moved.box()
            if not _inside(box, within) or any(overlap(box, other) for other in shut):
                continue
            cost = sum(overlap(box, mark) for mark in soft) + (abs(dx) + 2 * abs(dy)) / 2
            if best is None or cost < best[0]:
                best = cost, moved
        if best is not None:
            found.append(best[1])
            shut.append(best[1].box())
    return found


def overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _inside(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
