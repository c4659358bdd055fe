"""Cameras: what state one is in, and how much of the time it was there."""

from cockpit.domain.cameras.availability import availability, presence
from cockpit.domain.cameras.state import DEFAULT_LIMITS, STATES, CameraLimits, CameraState, judge

__all__ = ["DEFAULT_LIMITS", "STATES", "CameraLimits", "CameraState", "availability", "judge", "presence"]
