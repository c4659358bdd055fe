"""The state of a camera and how its presence is counted."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.domain.cameras import CameraLimits, CameraState, availability, judge, presence

LIMITS = CameraLimits(fps=12, loss_pct=5)


@pytest.mark.parametrize(
    ("freshness", "fps", "loss", "expected"),
    [
        ("fresh", 25.0, 0.1, CameraState("online")),
        ("fresh", None, None, CameraState("online")),
        ("fresh", 12.0, 5.0, CameraState("online")),
        ("fresh", 11.9, 9.0, CameraState("degraded", "low_fps")),
        ("fresh", 25.0, 5.1, CameraState("degraded", "loss")),
        ("late", 25.0, 0.1, CameraState("degraded", "late")),
        ("late", 3.0, 0.1, CameraState("degraded", "low_fps")),
        ("silent", 25.0, 0.1, CameraState("offline")),
        ("never", None, None, CameraState("never")),
    ],
)
def test_a_camera_is_judged_by_freshness_first(
    freshness: str, fps: float | None, loss: float | None, expected: CameraState
) -> None:
    assert judge(freshness, fps, loss, LIMITS) == expected


def test_an_unknown_freshness_is_refused() -> None:
    with pytest.raises(ValueError, match="freshness 'gone'"):
        judge("gone", 25, 0)


def test_presence_is_the_share_of_expected_events_of_each_hour() -> None:
    counts = np.array([240, 120, 0, 300])
    assert presence(counts, 15).tolist() == [1.0, 0.5, 0.0, 1.0]


def test_an_hour_that_has_just_begun_is_unknown_and_not_absent() -> None:
    shares = presence(np.array([240, 0]), 15, last_hour_s=10)
    assert shares[0] == 1.0
    assert np.isnan(shares[1])
    assert presence(np.array([240, 60]), 15, last_hour_s=900).tolist() == [1.0, 1.0]


def test_hours_that_are_not_counted_yet_are_unknown_and_those_counted_in_part_are_judged_by_that_part() -> (
    None
):
    shares = presence(np.array([240, 180, 0]), 15, last_hour_s=600, behind_s=1500)
    assert shares[:2].tolist() == [1.0, 1.0]
    assert np.isnan(shares[2])


def test_presence_needs_a_rhythm() -> None:
    with pytest.raises(ValueError, match="sends by itself"):
        presence(np.array([1]), 0)


def test_availability_counts_from_the_first_hour_it_was_there() -> None:
    assert availability(np.array([np.nan, 0.0, 1.0, 0.5, np.nan, 0.0])) == pytest.approx(0.5)
    assert availability(np.array([0.0, np.nan])) is None
