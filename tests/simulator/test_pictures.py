"""The picture server of the live simulator."""

import http.client
import io
import json
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from cockpit.domain.cameras import picture
from simulator.episodes import Episode
from simulator.feed import ms_of
from simulator.pictures import Pictures
from simulator.play import Play
from tests.simulator.conftest import at, silence
from tests.waiting import PATIENCE_S

NOW = at("2026-11-19T09:00:00")


@pytest.fixture
def pictures(play: Play) -> Iterator[Pictures]:
    made = Pictures(play.world, NOW)
    made.start()
    yield made
    made.stop()


def get(pictures: Pictures, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(pictures.address.removeprefix("http://"), timeout=PATIENCE_S)
    connection.request("GET", path)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_a_camera_of_the_sample_gives_its_present_picture(pictures: Pictures) -> None:
    response, content = get(pictures, "/pictures/cam-00132.jpg")
    assert (response.status, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert content.startswith(b"\xff\xd8")
    assert ms_of(response.headers["Picture-Time"]) == NOW
    pictures.at_ms += 60_000
    assert get(pictures, "/pictures/cam-00132.jpg")[1] != content


@pytest.mark.parametrize(
    "path",
    ["/pictures/cam-00001.jpg", "/pictures/cam-00132", "/", "/pictures/../cam-00132.jpg", "/pictures/"],
)
def test_what_is_not_in_the_sample_is_not_found(pictures: Pictures, path: str) -> None:
    response, content = get(pictures, path)
    assert (response.status, json.loads(content)) == (404, {"reason": "not_in_sample"})


def test_a_silent_camera_gives_no_picture_until_it_is_back(pictures: Pictures, play: Play) -> None:
    play.obey((silence("cam-00132", NOW - 1000, NOW + 60_000),))
    response, content = get(pictures, "/pictures/cam-00132.jpg")
    assert (response.status, json.loads(content)) == (503, {"reason": "silent"})
    play.obey(())
    assert get(pictures, "/pictures/cam-00132.jpg")[0].status == 200


def test_a_camera_is_dark_with_its_recorder(pictures: Pictures, play: Play) -> None:
    asset = play.profile.asset["cam-00132"]
    play.obey((silence(asset.depends_on, NOW - 1000, NOW + 60_000),))
    assert get(pictures, "/pictures/cam-00132.jpg")[0].status == 503


def test_the_sample_of_a_province_is_fifty_cameras(province_play: Play, pictures: Pictures) -> None:
    made = Pictures(province_play.world)
    made.start()
    made.stop()
    assert len(made.sample) == 50
    assert len(pictures.sample) == 10
    assert all(province_play.profile.asset[code].attrs["analytics"] for code in made.sample)


def test_a_fault_is_in_the_pixels_of_the_picture_that_is_given(pictures: Pictures, play: Play) -> None:
    def figures() -> picture.Figures:
        content = get(pictures, "/pictures/cam-00132.jpg")[1]
        return picture.figures(np.asarray(Image.open(io.BytesIO(content))))

    whole = figures()
    play.obey((Episode("order-1", "camera_black", "cam-00132", NOW - 1000, 0, 60_000, 0),))
    assert figures().brightness_pct < 1 < 30 < whole.brightness_pct
    play.obey((Episode("order-2", "camera_clock", "cam-00132", NOW - 1000, 0, 60_000, 0),))
    assert (whole.clock_seen, figures().clock_seen) == (True, False)
    play.obey(())
    assert figures() == whole


def test_a_frozen_picture_tells_the_instant_of_asking_and_shows_that_of_its_onset(
    pictures: Pictures, play: Play
) -> None:
    before = get(pictures, "/pictures/cam-00132.jpg")[1]
    play.obey((Episode("order-1", "camera_frozen", "cam-00132", NOW, 0, 3_600_000, 0),))
    pictures.at_ms += 600_000
    response, content = get(pictures, "/pictures/cam-00132.jpg")
    assert content == before
    assert ms_of(response.headers["Picture-Time"]) == NOW + 600_000


def test_pictures_are_asked_for_while_the_feed_plays_on_unchanged(province_play: Play) -> None:
    """Requests on other threads change nothing of what is sent, and each picture is soon there."""
    made = Pictures(province_play.world, NOW)
    made.start()
    quiet = province_play.window(NOW, NOW + 20_000)
    found = []

    def ask() -> None:
        for code in sorted(made.sample)[:6]:
            found.append(get(made, f"/pictures/{code}.jpg")[0].status)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    busy = [province_play.window(NOW, NOW + 20_000) for _ in range(3)]
    for thread in asking:
        thread.join()
    made.stop()
    assert all(lines == quiet for lines in busy)
    assert len(found) == 18
    assert found.count(200) >= 15  # some may be silent
