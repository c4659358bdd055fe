"""The wall: every screen from the views of the pages, in both languages, for those who may see it."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.ui import alert_parts, live, wall
from cockpit.ui.alert_list import in_words
from cockpit.ui.plain import to_html
from cockpit.ui.wall import frame
from cockpit.ui.words import WORDS, reading
from cockpit.views import alerts as alerts_view
from cockpit.views import home as home_view
from cockpit.web import wall as door
from tests.pages.conftest import NOW_MS
from tests.pages.test_hostile import hostile

__all__ = ["hostile"]


OURS = {
    "div", "h1", "h2", "p", "ol", "ul", "li", "b", "small", "span", "i", "img", "br", "svg", "path", "figure",
    "figcaption", "section", "text", "g", "rect", "use",
}  # fmt: skip
"""Elements that the wall is made of."""


def client_of(here: Any) -> TestClient:
    return TestClient(Starlette(routes=door.routes(here)))


@pytest.fixture
def client(cockpit: Any) -> Iterator[TestClient]:
    live.forget()
    yield client_of(cockpit)
    live.forget()


def part(client: TestClient, name: str, **query: str) -> dict[str, Any]:
    answer = client.get("/wall/part", params={"name": name, **query})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", wall.SCREENS)
def test_every_screen_has_one_verdict_and_its_own_rows(client: TestClient, name: str, language: str) -> None:
    told = part(client, name, lang=language)
    assert told["html"].count("<h1") == 1
    assert "<li" in told["html"]
    assert told["alarm"] == ""
    assert told["simulated"] is True
    for leftover in (":material", ":red[", "**", "{n}", "# "):
        assert leftover not in told["html"].replace(html.escape(WORDS[language]["wall.more"]), "")


def test_screens_show_what_the_pages_show(client: TestClient) -> None:
    home = part(client, "home")["html"]
    for figure in live.view(home_view.build).tiles[:10]:
        assert html.escape(figure.short.vi) in home
    desk = part(client, "alerts")["html"]
    view = live.view(alerts_view.build)
    with reading("vi"):
        for row in alert_parts.rows_of(view, "waiting", "")[:10]:
            assert to_html(in_words(row, NOW_MS, "vi")[0]) in desk


def test_the_map_draws_every_unit_and_marks_what_is_wrong(client: TestClient) -> None:
    told = part(client, "map")["html"]
    view = live.view(home_view.build)
    wrong = [u for u in view.units if u.state != "green"]
    assert wrong
    assert set(re.findall(r'data-unit="(\w+)"', told)) == {u.unit.code for u in view.units}
    marks = re.findall(r'class="mark (\w+)"', told)
    assert sorted(marks) == sorted(u.state for u in wrong)
    for unit in wrong:
        assert f'<path class="{unit.state}" data-unit="{unit.unit.code}"' in told
    for name in ("Hạ Long", "Móng Cái", "Hải Phòng"):
        assert f">{name}</text>" in told
    assert WORDS["vi"]["map.diagram"] in told
    assert not re.search(r"nan|inf", told)


def test_what_the_wall_has_is_not_sent_again(client: TestClient) -> None:
    first = part(client, "coverage")
    again = part(client, "coverage", has=first["digest"])
    assert "html" not in again
    assert again["digest"] == first["digest"]
    assert again["run"] == first["run"]


def test_an_address_says_which_screens_how_long_and_in_which_language(client: TestClient) -> None:
    def settings(query: str) -> tuple[dict[str, Any], str]:
        page = client.get(f"/wall?{query}").text
        found = re.search(r'data-wall="([^"]*)"', page)
        assert found is not None
        asked: dict[str, Any] = json.loads(html.unescape(found[1]))
        return asked, page

    usual, page = settings("")
    assert usual["screens"] == list(wall.SCREENS)
    assert usual["seconds"] == 20
    assert '<html lang="vi" class="dark"' in page
    asked, page = settings("screens=map,nothing,home,map&seconds=45&lang=en&theme=light")
    assert asked["screens"] == ["map", "home"]
    assert asked["seconds"] == 45
    assert '<html lang="en" class="light"' in page
    odd, page = settings('screens="><script>&seconds=1e9&lang=<b>&theme="onload=')
    assert odd["screens"] == list(wall.SCREENS)
    assert odd["seconds"] == 20
    assert "<script>" not in page
    assert settings("seconds=0")[0]["seconds"] == 5
    assert settings("seconds=99999")[0]["seconds"] == 600


def test_a_screen_that_there_is_not_is_refused(client: TestClient) -> None:
    answer = client.get("/wall/part?name=nowhere")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "no_such_path"


def test_hostile_names_stay_text_on_the_wall(client: TestClient, hostile: Any) -> None:
    for name in wall.SCREENS:
        told = part(client, name)["html"]
        assert "<b>đậm" not in told
        assert set(re.findall(r"</?(\w+)", told)) <= OURS
        assert "evil.example" not in "".join(re.findall(r"<[^>]*>", told))


def test_starting_stopped_lost_and_failed_are_said_above_the_screen(
    client: TestClient, cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cockpit.engine, "tick_age_s", lambda: 700.0)
    dead = part(client, "home")
    assert "<b>" in dead["alarm"]
    assert "html" in dead, "the last figures stay, under the line that they are old"

    def fails() -> str:
        raise RuntimeError("nothing to draw")

    monkeypatch.setitem(frame.SCREENS, "home", fails)
    assert part(client, "home")["alarm"] == html.escape(WORDS["vi"]["wall.failed"])
    monkeypatch.setattr(cockpit, "lost", "cockpit.db is gone")
    assert "html" not in part(client, "map")
    monkeypatch.setattr(cockpit, "lost", None)
    monkeypatch.setattr(cockpit, "ready", threading.Event())
    assert part(client, "map")["alarm"] == WORDS["vi"]["startup.title"]


def test_a_stranger_gets_the_frame_and_no_figure(cockpit: Any) -> None:
    shut = replace(cockpit.config, host="0.0.0.0", mode="serve", trusted_header="X-User")
    pages = client_of(SimpleNamespace(config=shut))
    assert pages.get("/wall").status_code == 200
    assert pages.get("/wall/part?name=home").status_code == 403
    assert pages.get("/wall/part?name=home", headers={"X-User": "an@example.gov.vn"}).status_code == 200


def test_script_and_style_are_kept_for_ever_under_their_digest(client: TestClient) -> None:
    page = client.get("/wall").text
    for address in re.findall(r'(?:src|href)="(/wall/[^"]+)"', page):
        answer = client.get(address)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.content
    assert len(re.findall(r"<script", page)) == 1, "no script stands in the page itself"
