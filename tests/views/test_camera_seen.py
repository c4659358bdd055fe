"""What the camera screen tells of the picture of a camera with an analytics box."""

from __future__ import annotations

from cockpit.domain.catalog import Asset, series_of
from cockpit.store.batch import Draft
from cockpit.views import camera
from cockpit.views.camera_seen import Seen
from tests.views.province import HOUR, NOW, Province
from tests.waiting import PATIENCE_S

BOXED, PLAIN = "cam-00132", "cam-00121"


def send(province: Province, asset: Asset, t: int, **values: float) -> None:
    draft = Draft()
    draft.event(t, province.source(asset.source).id, t, t)
    for code, value in values.items():
        metric = province.profile.metric[code]
        draft.value(series_of(asset.id, metric.id), round(value * metric.scale))
    province.store.append(draft.batch()).result(PATIENCE_S)


def seen(province: Province, code: str = BOXED) -> Seen | None:
    found = camera.build(province.ctx, code)
    assert found is not None
    return found.seen


def test_the_newest_figures_of_the_picture_are_shown(province: Province) -> None:
    asset = province.profile.asset[BOXED]
    for n in range(6):
        send(
            province, asset, NOW - 90_000 + n * 15_000,
            fps=25, brightness_pct=50 + n, sharpness=30.4, view_pct=91, clock_seen=1, content_hash=100 + n,
        )  # fmt: skip
    assert seen(province) == Seen(55.0, 30.4, 91.0, True, None, False)


def test_a_picture_that_stays_the_very_same_tells_since_when(province: Province) -> None:
    asset = province.profile.asset[BOXED]
    for n in range(12):
        at = NOW - 180_000 + n * 15_000
        send(province, asset, at, fps=25, clock_seen=0, content_hash=n if n < 6 else 6)
    found = seen(province)
    assert found is not None
    assert (found.still_since, found.still_longer, found.clock_seen) == (NOW - 90_000, False, False)


def test_two_equal_pictures_in_a_row_are_chance(province: Province) -> None:
    asset = province.profile.asset[BOXED]
    for n, content in enumerate((1, 2, 2)):
        send(province, asset, NOW - 60_000 + n * 15_000, content_hash=content)
    found = seen(province)
    assert found is not None
    assert found.still_since is None


def test_a_picture_that_was_the_same_all_along_is_still_since_before_that(province: Province) -> None:
    asset = province.profile.asset[BOXED]
    for n in range(4):
        send(province, asset, NOW - 2 * HOUR + n * 15_000, content_hash=7)
    found = seen(province)
    assert found is not None
    assert (found.still_since, found.still_longer) == (NOW - 2 * HOUR, True)


def test_a_camera_without_a_box_or_not_heard_yet_has_no_such_figures(province: Province) -> None:
    province.newest(province.profile.asset[PLAIN], NOW, fps=25, change_pct=3)
    assert seen(province, PLAIN) is None
    assert seen(province) is None
