"""What the server answers before the app runs: verdict and first rows, for those who may see them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from cockpit import ROOT
from cockpit.commands import Actor, Command, execute
from cockpit.commands.alerts import Acknowledge
from cockpit.ui import alert_parts, live
from cockpit.ui.first import frame, language_of
from cockpit.ui.home_parts import verdict_sentence
from cockpit.ui.plain import to_html
from cockpit.ui.words import WORDS, reading, t
from cockpit.views import alerts as alerts_view
from cockpit.views import home as home_view
from cockpit.web import first_answer, index_page
from cockpit.web.first_answer import FirstAnswer
from cockpit.web.security import SecurityHeaders
from tests.pages.conftest import Visit, sent_to
from tests.pages.test_hostile import RAW, Markup, hostile

__all__ = ["hostile"]

COMPONENTS = ROOT / "cockpit" / "ui" / "components"


async def app_below(request: Request) -> Response:
    return PlainTextResponse(f"below: {request.url.path}")


def client_of(here: Any) -> TestClient:
    """The pages of a cockpit as a browser asks for them; below stands a server that says its name."""
    middleware = [Middleware(SecurityHeaders), Middleware(FirstAnswer, config=here.config)]
    below = Route("/{path:path}", app_below, methods=["GET", "POST"])
    return TestClient(Starlette(routes=[below], middleware=middleware))


@pytest.fixture
def client(cockpit: Any) -> Iterator[TestClient]:
    live.forget()
    yield client_of(cockpit)
    live.forget()


def first_of(page: str) -> str:
    """What stands before the app's own place."""
    found = re.search(
        r'<div id="first".*</div><script src="/assets/first\.js\?v=\w+" defer></script>', page, re.S
    )
    return found[0] if found else ""


def test_the_page_of_the_installed_streamlit_is_known() -> None:
    page = index_page.taken_apart(index_page.installed())
    assert page is not None
    for blocking in (b"stylesheet", b"modulepreload", b'type="module"'):
        assert blocking in page.later
        assert blocking not in page.head


@pytest.mark.parametrize("language", ["vi", "en"])
def test_home_answers_with_the_verdict_and_the_first_rows_of_the_page(
    client: TestClient, language: str
) -> None:
    answer = client.get(f"/?lang={language}")
    shown = first_of(answer.text)
    view = live.view(home_view.build)
    with reading(language):
        assert to_html(verdict_sentence(view, language)) in shown
    assert view.needs
    for need in view.needs:
        assert f"id={need.alert.id if need.group is None else need.group.key}" in shown
    for figure in view.tiles:
        assert f"id={figure.code}" in shown
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert "09:00:00 22/11/2026" in shown, "it says of when it is"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", ["home", "alerts"])
def test_the_app_draws_the_very_markup_that_was_answered_first(
    client: TestClient, visit: Visit, page: str, language: str
) -> None:
    asked = {"lang": language} if language != "vi" else {}
    if page == "alerts":
        asked["id"] = str(live.view(alerts_view.build).waiting[0].id)
    shown = first_of(client.get("/" if page == "home" else "/alerts", params=asked).text)
    pieces = [sent["html"] for sent in sent_to("sheet", visit(page, **asked)._tree)]
    own = [piece for piece in pieces if WORDS[language]["home.map"] not in piece]
    assert len(own) == 3
    for piece in own:
        assert piece in shown


def test_alerts_answers_with_the_rows_of_the_list_that_is_asked_for(client: TestClient, cockpit: Any) -> None:
    view = live.view(alerts_view.build)
    assert view.waiting
    first = view.waiting[0]
    execute(cockpit, Command(Actor("An", "operator"), Acknowledge(alert=first.id)))
    live.forget()
    view = live.view(alerts_view.build)
    assert view.working
    for name in ("waiting", "working", "closed"):
        shown = first_of(client.get(f"/alerts?list={name}").text)
        keys = [row.key for row in alert_parts.rows_of(view, name, "")]
        listed = shown.partition("<ol")[2].partition("</ol>")[0]
        assert re.findall(r"id=([\w.-]+)", listed) == keys[:20]
    for name in ("rules", "muted"):  # lists of other things, that come with the app
        assert "id=" not in first_of(client.get(f"/alerts?list={name}").text).partition("<h1")[2]
    nothing = first_of(client.get("/alerts?q=khong-co-gi-nhu-the").text)
    assert "<h1" in nothing
    assert "<li" not in nothing


def test_the_answer_is_streamlits_page_with_things_after_the_verdict_and_its_own_length(
    client: TestClient,
) -> None:
    answer = client.get("/alerts", headers={"Accept-Encoding": "identity"})
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    page, given = answer.text, index_page.installed().decode()
    addition = page[
        page.index("<style>") : page.index("</script>", page.index("first.js")) + len("</script>")
    ]
    rest = page.replace(addition, "").replace('<html lang="vi">', '<html lang="en">')
    scriptless = re.compile("<noscript>.*?</noscript>", re.S)
    assert scriptless.findall(rest) == [f"<noscript><p>{t('first.no_script', 'vi')}</p></noscript>"]
    rest, given = scriptless.sub("", rest), scriptless.sub("", given)
    for hint in re.findall(
        r'<link rel="(?:modulepreload|preload)"(?: crossorigin| as="style")? href="[^"]+">', rest
    ):
        rest = rest if hint in given else rest.replace(hint, "")
    assert sorted(rest.split()) == sorted(given.split()), "nothing else is added or gone"
    assert page.index("<h1") < page.index("stylesheet") < page.index('id="root"')
    packed = client.get("/alerts", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == page
    head = client.head("/alerts", headers={"Accept-Encoding": "identity"})
    assert head.content == b""
    assert head.headers["content-length"] == answer.headers["content-length"]


def test_the_files_of_our_components_are_named_and_answered_before_a_page_has_mounted_them(
    client: TestClient,
) -> None:
    packed = {"Accept-Encoding": "gzip"}
    for page in ("/", "/alerts", "/cameras"):
        hints = re.findall(r'href="\.(/_stcore/bidi-components/[^"]+)"', client.get(page).text)
        assert {address.rpartition(".")[2] for address in hints} == {"js", "css"}
        for address in hints:
            name, file = address.removeprefix("/_stcore/bidi-components/cockpit.").split("/")
            answer = client.get(address, headers=packed)
            assert answer.content == (COMPONENTS / name / "frontend" / file).read_bytes()
            again = client.get(address, headers=packed | {"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert client.get(address, headers={"Accept-Encoding": "identity"}).text == f"below: {address}"
    for other in ("cockpit.sheet/../packaged.py", "cockpit.sheet/nothing.js", "cockpit.nothing/sheet.js"):
        address = f"/_stcore/bidi-components/{other}"
        assert client.get(address, headers=packed).text.startswith("below: ")


def test_no_script_of_it_stands_in_the_page_itself(client: TestClient) -> None:
    for path in ("/", "/alerts"):
        shown = first_of(client.get(path).text)
        assert shown
        assert re.findall(r"<script(?![^>]*\ssrc=)", shown) == []
        assert " on" not in re.sub(r">[^<]*<", "><", shown), "no handler in an attribute"


def test_other_addresses_and_methods_are_handed_on(client: TestClient) -> None:
    for path in ("/nowhere", "/static/js/x.js", "/api/v1/latest"):
        assert client.get(path).text == f"below: {path}"
    assert client.post("/alerts").text == "below: /alerts"
    assert client.get("/alerts?" + "q=" + "x" * 3000).text == "below: /alerts"
    assert first_of(client.get("/cameras").text) == "", "a page without rows of its own is Streamlit's"


def test_the_home_page_is_reached_under_its_own_name_too() -> None:
    app = Starlette(routes=first_answer.routes())
    answer = TestClient(app).get("/home?lang=en&unit=06979", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/?lang=en&unit=06979")
    assert TestClient(app).get("/home", follow_redirects=False).headers["location"] == "/"


def test_a_page_of_another_form_is_served_untouched(cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = index_page.installed()
    for other in (
        given.replace(b'<div id="root"></div>', b'<div id="app"></div>'),
        given.replace(b'<html lang="en">', b"<html>"),
        given.replace(b'rel="stylesheet"', b'rel="style"'),
        given + b'<div id="root"></div>',
        b"",
    ):
        monkeypatch.setattr(index_page, "installed", lambda other=other: other)
        assert client_of(cockpit).get("/").text == "below: /"


def test_hostile_names_stay_text(client: TestClient, hostile: Any) -> None:
    for path in ("/", "/alerts", '/alerts?q="><script>x</script>&lang=en"><b>', "/?role=x%22%3E%3Ci%3E"):
        shown = first_of(client.get(path).text)
        assert Markup(shown).foreign == []
        assert "<i>" not in shown
        assert "<script>" not in shown
        assert "<b>đậm" not in shown
        for inside in re.findall(r'(?:href|src|class|id)="([^"]*)"', shown):
            assert "evil.example" not in inside, "it is nowhere a link"
    assert RAW.partition("(")[0] in first_of(client.get("/").text).replace("\u200b", "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_while_starting_or_without_engine_or_store_it_says_so(
    client: TestClient, cockpit: Any, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    path = f"/?lang={language}"
    monkeypatch.setattr(
        cockpit, "engine", SimpleNamespace(tick_age_s=lambda: 700.0, leaps=cockpit.engine.leaps)
    )
    dead = first_of(client.get(path).text)
    assert to_html(WORDS[language]["banner.stopped"].partition(" **")[0]) in dead
    assert "<li" in dead, "the last figures stay, with their age"
    monkeypatch.setattr(cockpit, "lost", "cockpit.db is gone")
    gone = first_of(client.get(path).text)
    assert to_html(WORDS[language]["banner.ground"])[:40] in gone
    assert "<li" not in gone
    monkeypatch.setattr(cockpit, "lost", None)
    monkeypatch.setattr(cockpit, "ready", threading.Event())
    starting = first_of(client.get(path).text)
    assert WORDS[language]["startup.title"] in starting
    assert "<li" not in starting


def test_a_failure_costs_the_first_rows_and_not_the_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(query: object, name: str) -> str:
        raise RuntimeError("no figures today")

    monkeypatch.setitem(frame._PAGES, "home", fails)
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'id="root"' in answer.text
    assert first_of(answer.text) == ""
    assert "no figures today" in caplog.text


def test_where_people_sign_in_a_stranger_gets_no_figure(cockpit: Any) -> None:
    shut = replace(cockpit.config, host="0.0.0.0", mode="serve", trusted_header="X-User")
    pages = client_of(SimpleNamespace(config=shut))
    an = ("X-User", "an@example.gov.vn")
    assert first_of(pages.get("/").text) == ""
    assert first_of(pages.get("/", headers=[an]).text)
    for two in ([an, ("X-User", "binh@example.gov.vn")], [an, ("X_User", "binh@example.gov.vn")]):
        assert first_of(pages.get("/", headers=two).text) == ""
    provider = client_of(SimpleNamespace(config=replace(shut, trusted_header="")))
    assert first_of(provider.get("/").text) == ""
    forged = {"Cookie": '_streamlit_user="eyJpc19sb2dnZWRfaW4iOiB0cnVlfQ|1|x"'}
    assert first_of(provider.get("/", headers=forged).text) == ""
    open_ = client_of(SimpleNamespace(config=replace(shut, trusted_header="", open_pages=True)))
    assert first_of(open_.get("/").text)


def test_an_unknown_language_is_vietnamese() -> None:
    assert language_of({"lang": "xx"}) == language_of({}) == "vi"
    assert language_of({"lang": "EN"}) == "en"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a \\<b\\> & c", "a &lt;b&gt; &amp; c"),
        (":red[**quá hạn**] x", '<span class="red"><b>quá hạn</b></span> x'),
        (":violet-badge[:material/x: y]", '<span class="violet badge"> y</span>'),
        ("a  \nb", "a<br>b"),
        ("![p](data:x) **z", "<b>z</b>"),
        (":gray[a **b] c** ]", '<span class="gray">a <b>b</b></span> c<b> ]</b>'),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_the_cockpits_own_markdown_becomes_html(markdown: str, html: str) -> None:
    assert to_html(markdown) == html
