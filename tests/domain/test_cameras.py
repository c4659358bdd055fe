"""The state of a camera and how its presence is counted."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.domain.cameras import CameraState, availability, judge, presence
from cockpit.domain.cameras.state import Reason


@pytest.mark.parametrize(
    ("freshness", "troubles", "expected"),
    [
        ("fresh", set(), CameraState("online")),
        ("fresh", {"loss", "low_fps"}, CameraState("degraded", "low_fps")),
        ("fresh", {"loss"}, CameraState("degraded", "loss")),
        ("late", set(), CameraState("degraded", "late")),
        ("late", {"low_fps"}, CameraState("degraded", "low_fps")),
        ("silent", {"low_fps"}, CameraState("offline")),
        ("never", set(), CameraState("never")),
    ],
)
def test_a_camera_is_judged_by_freshness_first(
    freshness: str, troubles: set[Reason], expected: CameraState
) -> None:
    assert judge(freshness, troubles) == expected


def test_an_unknown_freshness_is_refused() -> None:
    with pytest.raises(ValueError, match="freshness 'gone'"):
        judge("gone")


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
