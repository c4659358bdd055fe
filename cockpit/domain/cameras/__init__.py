"""Cameras: what state one is in, and how much of the time it was there."""

from cockpit.domain.cameras.availability import availability, presence
from cockpit.domain.cameras.state import STATES, CameraState, judge

__all__ = ["STATES", "CameraState", "availability", "judge", "presence"]
