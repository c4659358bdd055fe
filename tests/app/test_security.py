"""Headers of every answer, and the language of the page."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from cockpit.web.security import SecurityHeaders, content_security_policy, inline_script_hashes


def page(_: Request) -> Response:
    return HTMLResponse('<!doctype html><html lang="en"><title>x</title></html>')


def client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/", page)], middleware=[Middleware(SecurityHeaders)]))


def test_the_page_is_in_vietnamese_and_its_length_stays_true() -> None:
    answer = client().get("/")
    assert '<html lang="vi">' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_every_answer_carries_the_policy_also_one_that_is_not_found() -> None:
    for path in ("/", "/nothing"):
        headers = client().get(path).headers
        assert headers["content-security-policy"] == content_security_policy()
        assert headers["x-content-type-options"] == "nosniff"


def test_the_policy_names_no_outside_address_and_allows_no_eval() -> None:
    policy = content_security_policy()
    assert "http:" not in policy
    assert "https:" not in policy
    assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")


def test_the_inline_scripts_of_the_installed_streamlit_are_allowed_by_their_hash() -> None:
    hashes = inline_script_hashes()
    assert hashes
    assert all(h in content_security_policy() for h in hashes)
