"""Scripts and style sheets of the pages: packed for who can unpack, the same for everybody."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from cockpit.web import first_answer, index_page, packed


async def below(_: object) -> PlainTextResponse:
    return PlainTextResponse("below")


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/{path:path}", below, methods=["GET", "POST"])]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(packed.Packed)]))


def script_of_the_page() -> str:
    found = re.search(rb'<script type="module"[^>]*src="\.([^"]+)"', index_page.installed())
    assert found is not None
    return found[1].decode()


def test_a_script_comes_packed_for_ever_and_unpacks_to_the_file(client: TestClient) -> None:
    address = script_of_the_page()
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    content = packed.files()._paths[address].read_bytes()
    assert answer.content == content
    assert int(answer.headers["content-length"]) < len(content) / 2
    head = client.head(address, headers={"Accept-Encoding": "gzip"})
    assert head.headers["content-length"] == answer.headers["content-length"]


def test_who_cannot_unpack_and_what_is_no_such_file_go_on_to_the_server_below(client: TestClient) -> None:
    assert client.get(script_of_the_page(), headers={"Accept-Encoding": "identity"}).text == "below"
    for address in ("/static/js/nothing.js", "/static/../index.html", "/static/js/../js", "/static/js/"):
        assert client.get(address, headers={"Accept-Encoding": "gzip"}).text == "below"
    assert client.post(script_of_the_page()).text == "below"


def test_what_a_page_needs_soon_is_there_with_all_that_it_imports() -> None:
    for name, scripts in first_answer.SOON.items():
        for script in scripts:
            assert packed.files().needed(script), (
                f"{script}, of the page {name}, is no script of this Streamlit"
            )


def test_imports_are_followed_to_their_end_and_circles_end(tmp_path: Path) -> None:
    folder = tmp_path / "js"
    folder.mkdir()
    pad = b"/" * packed.SMALL
    for name, imports in (
        ("a", b'import"./b.12345678.js";'),
        ("b", b'import{x}from"./a.12345678.js";'),
        ("c", b""),
    ):
        (folder / f"{name}.12345678.js").write_bytes(imports + pad)
    (folder / "index.js").write_bytes(pad)
    files = packed.Files(tmp_path)
    assert files.needed("a") == ["/static/js/a.12345678.js", "/static/js/b.12345678.js"]
    assert "/static/js/index.js" not in files, "a name without a digest may change its content"
    assert gzip.decompress(files.packed("/static/js/c.12345678.js")) == pad
