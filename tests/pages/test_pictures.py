"""The picture of a camera: fetched on the button alone, kept while the page lives, or a calm sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cockpit.domain.instants import iso
from cockpit.store import alerting
from cockpit.ui import live
from simulator.painter import paint
from tests.pages.conftest import NOW_MS, Visit, text
from tests.pages.test_screens import button
from tests.simulator.conftest import SKY
from tests.store import inside


class Source:
    """A stand-in that answers as it is told and counts."""

    def __init__(self) -> None:
        self.status, self.asked = 200, 0
        source, picture = self, paint(SKY, "road", 7, 5024, NOW_MS)

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                source.asked += 1
                self.send_response(source.status)
                self.send_header("Content-Type", "image/jpeg")
                self.send_header("Picture-Time", iso(NOW_MS))
                self.end_headers()
                self.wfile.write(picture)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()


@pytest.fixture
def source(cockpit: Any) -> Iterator[Source]:
    made = Source()
    cockpit.demo.pictures = f"http://127.0.0.1:{made.server.server_port}"
    yield made
    cockpit.demo.pictures = None
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


def facts(app: Any) -> str:
    """What the table of facts says."""
    return " ".join(str(cell) for table in app.table for cell in table.value.to_numpy().ravel())


@pytest.fixture
def boxed(cockpit: Any) -> Iterator[str]:
    """A camera with an analytics box that has just sent its figures; gone again afterwards."""
    code = "cam-00132"
    asset = cockpit.profile.asset[code]
    sent = {
        "fps": 25.0, "brightness_pct": 61.2, "sharpness": 30.46, "view_pct": 91.0, "clock_seen": 0.0,
        "content_hash": 77.0,
    }  # fmt: skip
    rows = [
        (asset.id * 256 + m.id, NOW_MS, NOW_MS, round(v * m.scale))
        for metric, v in sent.items()
        if (m := cockpit.profile.metric[metric])
    ]

    fresh = alerting.Changes(assets={asset.id: ("fresh", NOW_MS - 60_000)})
    inside.done(cockpit.store, lambda conn: alerting.save(conn, fresh))
    inside.put_latest(cockpit.store, rows)
    live.forget()
    yield code
    inside.remove_asset(cockpit.store, asset.id)
    live.forget()


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("vi", ("Nội dung hình", "đang thay đổi", "Độ sáng của hình", "61\u00a0%", "30,5", "không thấy")),
        ("en", ("Picture content", "changing", "Brightness of the picture", "61\u00a0%", "30.5", "not seen")),
    ],
)
def test_what_the_analytics_box_sees_is_told_plainly(
    visit: Visit, boxed: str, lang: str, expected: tuple[str, ...]
) -> None:
    app = visit("cameras", id=boxed, lang=lang)
    assert not app.exception
    shown = facts(app)
    for words in expected:
        assert words in shown


def test_a_camera_without_a_box_has_no_such_lines(visit: Visit) -> None:
    shown = facts(visit("cameras", id="cam-00121"))
    assert "Phụ thuộc" in shown
    assert "Độ nét" not in shown
