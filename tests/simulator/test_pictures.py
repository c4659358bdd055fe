"""The picture server of the live simulator."""

import http.client
import json

import pytest

from simulator.feed import ms_of
from simulator.pictures import Pictures
from tests.simulator.conftest import at, silence

NOW = at("2026-11-19T09:00:00")


@pytest.fixture
def pictures(play):
    made = Pictures(play.world, NOW)
    made.start()
    yield made
    made.stop()


def get(pictures, path):
    connection = http.client.HTTPConnection(pictures.address.removeprefix("http://"), timeout=5)
    connection.request("GET", path)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_a_camera_of_the_sample_gives_its_present_picture(pictures):
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
def test_what_is_not_in_the_sample_is_not_found(pictures, path):
    response, content = get(pictures, path)
    assert (response.status, json.loads(content)) == (404, {"reason": "not_in_sample"})


def test_a_silent_camera_gives_no_picture_until_it_is_back(pictures, play):
    play.obey((silence("cam-00132", NOW - 1000, NOW + 60_000),))
    response, content = get(pictures, "/pictures/cam-00132.jpg")
    assert (response.status, json.loads(content)) == (503, {"reason": "silent"})
    play.obey(())
    assert get(pictures, "/pictures/cam-00132.jpg")[0].status == 200


def test_a_camera_is_dark_with_its_recorder(pictures, play):
    asset = play.profile.asset["cam-00132"]
    play.obey((silence(asset.depends_on, NOW - 1000, NOW + 60_000),))
    assert get(pictures, "/pictures/cam-00132.jpg")[0].status == 503


def test_the_sample_of_a_province_is_fifty_cameras(province_play, pictures):
    made = Pictures(province_play.world)
    made._server.server_close()
    assert len(made.sample) == 50
    assert len(pictures.sample) == 10
    assert all(province_play.profile.asset[code].attrs["analytics"] for code in made.sample)
