"""The state of a camera from how fresh it is and what it last measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["offline", "degraded", "online", "never"]
Reason = Literal["", "late", "low_fps", "loss", "refused"]

STATES: tuple[State, ...] = ("offline", "degraded", "online", "never")
"""In the order of attention they need."""


@dataclass(frozen=True, slots=True)
class CameraLimits:
    """Under `fps` pictures a second, or over `loss_pct` of packets lost, the picture suffers."""

    fps: float
    loss_pct: float


DEFAULT_LIMITS = CameraLimits(fps=12.0, loss_pct=5.0)
"""For a profile without threshold rules on cameras: half of the usual 25 pictures a second, and the
share of lost packets from which H.264 pictures visibly break up. The product's own choice."""


@dataclass(frozen=True, slots=True)
class CameraState:
    """A state, and for `degraded` the reason that weighs most."""

    code: State
    reason: Reason = ""


def judge(
    freshness: str,
    fps: float | None,
    loss_pct: float | None,
    limits: CameraLimits = DEFAULT_LIMITS,
    refused: bool = False,
) -> CameraState:
    """State of a camera. `freshness` is fresh, late, silent or never; a metric never sent is None.

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
            if fps is not None and fps < limits.fps:
                return CameraState("degraded", "low_fps")
            if loss_pct is not None and loss_pct > limits.loss_pct:
                return CameraState("degraded", "loss")
            return CameraState("degraded", "late") if freshness == "late" else CameraState("online")
    raise ValueError(f"freshness {freshness!r}: expected fresh, late, silent or never")
