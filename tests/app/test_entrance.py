"""Beyond loopback: pages are for those who are known, and a demo asks for the code of its start."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from cockpit.bench import processes
from cockpit.entry import MAX_TOKENS, MAX_WRONG, SPAN_S, Entry, Wait, cookie
from cockpit.ui.words import WORDS
from tests.waiting import PATIENCE_S

Headers = list[tuple[str, str]]
FIGURES = (
    "vega_lite_chart",
    "deck_gl_json_chart",
    "arrow_data_frame",
    "metric",
    "table",
    "imgs",
    "page_link",
    "sheet",
)
EXPOSED = ("--host", "0.0.0.0")
PUBLIC = "cockpit.example.vn"


class Seen:
    """What a page sends over its websocket."""

    def __init__(self) -> None:
        self.markdown = ""
        self.kinds: set[str] = set()
        self.titles: list[str] = []

    def take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.kinds.add(str(element.WhichOneof("type")))
            if element.WhichOneof("type") == "markdown":
                self.markdown += element.markdown.body + "\n"
            elif element.bidi_component.component_name == "cockpit.sheet":
                self.kinds.add("sheet")
                self.markdown += json.loads(element.bidi_component.json)["html"] + "\n"
        elif kind == "page_config_changed":
            self.titles.append(message.page_config_changed.title)

    @property
    def shut(self) -> bool:
        return not self.kinds & set(FIGURES)


def look(address: str, headers: Headers, page: str = "alerts", query: str = "") -> Seen:
    """Open a page as any client can, without a browser and without having loaded anything else."""

    async def run() -> Seen:
        seen = Seen()
        async with connect(
            f"ws{address.removeprefix('http')}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=address,  # type: ignore[arg-type]
            additional_headers=headers,
            max_size=None,
            proxy=None,
        ) as socket:
            order = BackMsg()
            order.rerun_script.page_name = page
            order.rerun_script.query_string = query
            order.rerun_script.context_info.url = address
            await socket.send(order.SerializeToString())
            async with asyncio.timeout(90):
                while True:
                    message = ForwardMsg()
                    message.ParseFromString(await socket.recv())
                    seen.take(message)
                    if message.WhichOneof("type") == "script_finished":
                        return seen

    return asyncio.run(run())


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def ask(
    address: str, path: str, *, body: dict[str, str] | None = None, **headers: str
) -> tuple[int, Any, str]:
    """Status, headers and text of one request; redirects are not followed."""
    data = None if body is None else urllib.parse.urlencode(body).encode()
    request = urllib.request.Request(address + path, data=data, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Running]:
    settings = {"COCKPIT_TRUSTED_HEADER": "X-Forwarded-User", "COCKPIT_ADMINS": "an@example.gov.vn"}
    data = tmp_path_factory.mktemp("served")
    with processes.running("serve", data, *EXPOSED, settings=settings) as cockpit:
        yield cockpit


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Running]:
    data = tmp_path_factory.mktemp("demo")
    options = (*EXPOSED, "--size", "district", "--history", "0")
    with processes.running("demo", data, *options, settings={"COCKPIT_PUBLIC_NAMES": PUBLIC}) as cockpit:
        yield cockpit


def code(cockpit: processes.Running) -> str:
    found = re.search(r"^Code: (\S+)$", cockpit.said(), re.M)
    assert found is not None, cockpit.said()
    return found[1]


def admitted(cockpit: processes.Running) -> Headers:
    """The header that a browser sends which has entered the code."""
    status, headers, _ = ask(cockpit.address, "/login", body={"code": code(cockpit).lower()})
    assert status == 303
    return [("Cookie", headers["Set-Cookie"].partition(";")[0])]


AN = ("X-Forwarded-User", "an@example.gov.vn")


@pytest.mark.parametrize("page", ["", "alerts", "cameras", "nowhere"])
def test_in_serve_a_stranger_sees_one_sentence_and_no_figure(served: processes.Running, page: str) -> None:
    seen = look(served.address, [], page)
    assert WORDS["vi"]["gate.nobody"] in seen.markdown
    assert seen.shut
    assert not re.search(r"\d", "".join(seen.titles))


def test_in_serve_the_proxys_one_name_opens_the_pages(served: processes.Running) -> None:
    seen = look(served.address, [AN])
    assert not seen.shut
    assert "an@example.gov.vn" in seen.markdown.replace("\u200b", "")


@pytest.mark.parametrize(
    "headers",
    [
        [AN, ("X-Forwarded-User", "binh@example.gov.vn")],
        [("x-forwarded-user", "binh@example.gov.vn"), AN],
        [AN, ("X_Forwarded_User", "binh@example.gov.vn")],
        [("X-Forwarded-User", "an@example.gov.vn, binh@example.gov.vn")],
    ],
)
def test_in_serve_two_names_are_nobody(served: processes.Running, headers: Headers) -> None:
    seen = look(served.address, headers)
    assert WORDS["vi"]["gate.unclear"] in seen.markdown
    assert seen.shut


def test_in_serve_the_first_answer_holds_figures_for_the_proxys_one_name_alone(
    served: processes.Running,
) -> None:
    for page in ("/", "/alerts"):
        assert 'id="first"' not in ask(served.address, page)[2]
        known: Any = dict([AN])
        assert 'id="first"' in ask(served.address, page, **known)[2]


def test_in_serve_the_wall_tells_figures_to_the_proxys_one_name_alone(served: processes.Running) -> None:
    assert not re.search(r">[^<]*\d", ask(served.address, "/wall")[2].partition("<body")[2])
    assert ask(served.address, "/wall/part?name=home")[0] == 403
    known: Any = dict([AN])
    status, headers, told = ask(served.address, "/wall/part?name=home", **known)
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert "<h1" in told


def test_doors_of_the_server_beneath_are_shut(served: processes.Running) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json"):
        assert ask(served.address, path)[0] == 404
    of_pages = ("/media/abc.png", "/assets/areas.json", "/assets/areas.json?v=1", "/assets/province.svg")
    for path in (*of_pages, "/_stcore/upload_file/a/b"):
        assert ask(served.address, path)[0] == 403
    headers: Any = dict([AN])
    assert ask(served.address, "/assets/areas.json", **headers)[0] == 200
    assert ask(served.address, "/_stcore/health")[0] == 200


def test_a_demo_prints_its_code_beside_the_one_line_and_leads_a_browser_to_it(
    demo: processes.Running,
) -> None:
    assert len(re.findall(r"^Cockpit: http", demo.said(), re.M)) == 1
    status, headers, _ = ask(demo.address, "/alerts?lang=en", Accept="text/html")
    assert (status, headers["Location"]) == (303, "/login?next=%2Falerts%3Flang%3Den")
    status, _, page = ask(demo.address, headers["Location"])
    assert status == 200
    assert WORDS["en"]["login.title"] in page
    assert not re.search(r"\d", re.sub(r"<style>.*?</style>|<[^>]*>", "", page))


def test_a_demo_shows_nothing_without_the_code_and_all_of_it_with_the_code(demo: processes.Running) -> None:
    seen = look(demo.address, [], "simulator")
    assert WORDS["vi"]["gate.code"] in seen.markdown
    assert seen.shut
    entered: Any = dict(admitted(demo))
    assert 'id="first"' not in ask(demo.address, "/")[2], "nor in the first answer, whatever is asked for"
    assert 'id="first"' in ask(demo.address, "/", **entered)[2]
    forged = [("Cookie", f"{cookie(int(demo.address.rsplit(':', 1)[1]))}={'A' * 43}")]
    assert look(demo.address, forged, "simulator").shut
    assert not look(demo.address, admitted(demo), "simulator").shut


def test_the_cookie_is_for_this_browser_session_alone(demo: processes.Running) -> None:
    _, headers, _ = ask(demo.address, "/login", body={"code": code(demo), "next": "//evil.example/"})
    flags = headers["Set-Cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert "max-age" not in flags
    assert headers["Location"] == "/"


def test_behind_a_proxy_the_code_is_taken(demo: processes.Running) -> None:
    for origin in (f"https://{PUBLIC}", f"http://{PUBLIC}:9000"):
        assert ask(demo.address, "/login", body={"code": code(demo)}, Origin=origin)[0] == 303, origin


def test_behind_tls_the_cookie_is_secure(demo: processes.Running) -> None:
    ways = (
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "https, http"},
        {"Origin": f"https://{PUBLIC}"},
    )
    for headers, secure in (*((way, True) for way in ways), ({}, False)):
        status, answered, _ = ask(demo.address, "/login", body={"code": code(demo)}, **headers)
        assert status == 303, headers
        assert ("secure" in answered["Set-Cookie"].lower()) is secure, headers


def test_probes_are_answered_and_never_led_to_the_code(demo: processes.Running) -> None:
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/openapi.json", 200), ("/metrics", 401)):
        assert ask(demo.address, path, Accept="text/html,*/*")[0] == status, path


def test_boundaries_are_fetched_after_the_code_alone(demo: processes.Running) -> None:
    for path in ("/assets/areas.json", "/assets/province.svg"):
        assert ask(demo.address, path)[0] == 403
        assert ask(demo.address, path, Cookie=admitted(demo)[0][1])[0] == 200


def test_another_site_cannot_send_the_form_and_a_wrong_code_is_said(demo: processes.Running) -> None:
    foreign = ask(demo.address, "/login", body={"code": code(demo)}, Origin="http://evil.example")
    assert foreign[0] == 403
    assert "Set-Cookie" not in foreign[1]
    wrong = ask(demo.address, "/login", body={"code": "<b>", "next": '/?x="><script>'})
    assert wrong[0] == 401
    assert WORDS["vi"]["login.wrong"] in wrong[2]
    assert "<script" not in wrong[2]
    assert ask(demo.address, "/login", body={"code": "x" * 5_000})[0] == 413


def test_open_pages_are_for_reading_and_presenting_still_wants_the_code(tmp_path: Path) -> None:
    options = (*EXPOSED, "--size", "district", "--history", "0")
    with processes.running("demo", tmp_path, *options, settings={"COCKPIT_OPEN_PAGES": "1"}) as cockpit:
        assert "COCKPIT_OPEN_PAGES=1" in cockpit.said()
        only = WORDS["vi"]["simulator.only_presenter"]
        seen = look(cockpit.address, [], "simulator", "role=presenter")
        assert not seen.shut
        assert only in seen.markdown
        assert WORDS["vi"]["people.read_only"] in seen.markdown
        assert "popover" not in seen.kinds
        for wrong in range(MAX_WRONG + 1):
            status, headers, _ = ask(cockpit.address, "/login", body={"code": f"{wrong}"})
        assert status == 429
        assert 1 <= int(headers["Retry-After"]) <= SPAN_S
        assert ask(cockpit.address, "/login", body={"code": code(cockpit)})[0] == 429


def test_wrong_codes_are_limited_by_address_and_forgotten_after_a_while() -> None:
    now = [0.0]
    entry = Entry(lambda: now[0])
    for _ in range(MAX_WRONG):
        assert entry.enter("nothing", "a") is None
    with pytest.raises(Wait):
        entry.enter(entry.code, "a")
    assert entry.enter(entry.code, "b") is not None
    now[0] = SPAN_S
    assert entry.known(entry.enter(f" {entry.code.lower().replace('-', ' ')}", "a"))
    assert not entry.known(None)
    assert not entry.known("A" * 43)
    first = entry.enter(entry.code, "c")
    for _ in range(MAX_TOKENS):
        entry.enter(entry.code, "c")
    assert not entry.known(first)
    assert Entry().code != Entry().code
