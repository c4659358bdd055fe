"""The picture of a camera: fetched on the button alone, kept while the page lives, or a calm sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cockpit.boot import iso
from simulator.painter import paint
from tests.pages.conftest import NOW_MS, Visit, text
from tests.pages.test_screens import button


class Source:
    """A stand-in that answers as it is told and counts."""

    def __init__(self) -> None:
        self.status, self.asked = 200, 0
        source = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                source.asked += 1
                self.send_response(source.status)
                self.send_header("Content-Type", "image/jpeg")
                self.send_header("Picture-Time", iso(NOW_MS))
                self.end_headers()
                self.wfile.write(paint("road", 7, 5024, NOW_MS))

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()


@pytest.fixture
def source(cockpit: Any) -> Iterator[Source]:
    made = Source()
    cockpit.pictures = f"http://127.0.0.1:{made.server.server_port}"
    yield made
    cockpit.pictures = None
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def test_a_picture_comes_with_the_button_and_stays_without_being_fetched_again(
    visit: Visit, source: Source
) -> None:
    app = visit("cameras", id="cam-00132")
    assert not app.get("image")
    assert source.asked == 0
    button(app, "picture-cam-00132").click()
    app.run()
    (shown,) = app.get("image")
    (image,) = shown.proto.imgs
    assert image.caption == "Ảnh mô phỏng · 09:00:00 22/11/2026"
    assert "cam-00132" in str(shown.proto)
    app.run()
    assert app.get("image")
    assert source.asked == 1
    app.query_params["id"] = "cam-00372"
    app.run()
    assert not app.get("image")
    assert source.asked == 1


@pytest.mark.parametrize(
    ("status", "vi", "en"),
    [
        (404, "không thuộc mẫu có ảnh", "not in the sample"),
        (503, "đang mất tín hiệu nên không có ảnh", "no present picture"),
        (500, "Nguồn hình ảnh chưa trả lời", "has not answered"),
    ],
)
def test_without_a_picture_one_sentence_says_why(
    visit: Visit, source: Source, status: int, vi: str, en: str
) -> None:
    source.status = status
    for lang, words in (("vi", vi), ("en", en)):
        app = visit("cameras", id="cam-00132", lang=lang)
        button(app, "picture-cam-00132").click()
        app.run()
        assert words in text(app)
        assert not app.get("image")
        assert not app.exception


def test_where_no_picture_source_is_connected_there_is_no_button(visit: Visit) -> None:
    app = visit("cameras", id="cam-00132")
    assert "Chưa nối nguồn hình ảnh nào" in text(app)
    assert not [b for b in app.button if b.key == "picture-cam-00132"]
