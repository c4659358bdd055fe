"""The state of a camera from how fresh it is and what is wrong with its picture."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

State = Literal["offline", "degraded", "online", "never"]
Reason = Literal["", "late", "low_fps", "loss", "refused"]

STATES: tuple[State, ...] = ("offline", "degraded", "online", "never")
"""In the order of attention they need."""

PICTURE: tuple[Reason, ...] = ("low_fps", "loss")
"""What may be wrong with a picture, what weighs more first."""


@dataclass(frozen=True, slots=True)
class CameraState:
    """A state, and for `degraded` the reason that weighs most."""

    code: State
    reason: Reason = ""


def judge(freshness: str, troubles: Collection[Reason] = (), refused: bool = False) -> CameraState:
    """State of a camera. `freshness` is fresh, late, silent or never; `troubles` are what open alerts say of
    its picture, so that screen and alert agree.

    A silent camera is offline whatever it measured last: an old good value proves nothing. Nor does it of one
    that is alive and whose events are `refused`.
    Raises ValueError on an unknown freshness.
    """
    match freshness:
        case "never":
            return CameraState("never")
        case "silent":
            return CameraState("offline")
        case "fresh" | "late" if refused:
            return CameraState("degraded", "refused")
        case "fresh" | "late":
            for reason in PICTURE:
                if reason in troubles:
                    return CameraState("degraded", reason)
            return CameraState("degraded", "late") if freshness == "late" else CameraState("online")
    raise ValueError(f"freshness {freshness!r}: expected fresh, late, silent or never")
