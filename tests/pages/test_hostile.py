"""Names, notes and addresses that would be links, pictures or formulas: shown as they are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from cockpit import ROOT
from cockpit.commands import Actor, Command, execute
from cockpit.commands.alerts import Acknowledge
from cockpit.domain.catalog import Text
from cockpit.ui import kept, live, nav
from cockpit.ui.words import WORDS
from tests.pages.conftest import Visit, rows_of, sheets, text
from tests.store import inside

RAW = "![x](http://evil.example/p.png)"
HOSTILE = f"{RAW} <b>**đậm**</b> :red[đỏ] $x^2$ www.evil.example"
PLAIN_MESSAGES = {"Dataframe", "VegaLiteChart", "DeckGlJsonChart", "BidiComponent"}
"""Drawn on a canvas, or put into the page by a script of our own, as text; but for the pieces of HTML, whose
markup is read below."""
PLAIN = {
    "alt",
    "id",
    "url",
    "placeholder",
    "page",
    "Selectbox.options",
    "MultiSelect.options",
    "TextInput.value",
    "PageLink.query_string",
}


def poisoned(found: Any) -> Any:
    """The same catalogue entry with the hostile text in the place of every name that people gave."""
    change: dict[str, Any] = {}
    for name in found.__struct_fields__:
        value = getattr(found, name)
        if isinstance(value, Text):
            change[name] = Text(HOSTILE, HOSTILE)
        elif name in ("name", "short", "district") and isinstance(value, str):
            change[name] = HOSTILE
    return msgspec.structs.replace(found, **change)


@pytest.fixture
def hostile(cockpit: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cockpit of whose profile every name is hostile."""
    profile = cockpit.profile
    lists = ("units", "sources", "metrics", "kinds", "assets", "places", "indicators", "rules", "facts")
    changed = {name: tuple(poisoned(x) for x in getattr(profile, name)) for name in lists}
    whole = replace(
        profile, **changed, name=Text(HOSTILE, HOSTILE), coverage=poisoned(profile.coverage),
        operators=dict.fromkeys(profile.operators, HOSTILE), register_note=Text(HOSTILE, HOSTILE),
    )  # fmt: skip
    monkeypatch.setattr(cockpit, "profile", whole)
    kept.forget()
    live.forget()
    yield cockpit
    kept.forget()
    live.forget()


def strings(message: Message) -> Iterator[tuple[str, str]]:
    """Every text of a message that the browser may take for markdown, with where it stands."""
    kind = message.DESCRIPTOR.name
    if kind in PLAIN_MESSAGES:
        return
    for field, value in message.ListFields():
        where = f"{kind}.{field.name}"
        if field.name in PLAIN or where in PLAIN:
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from strings(one)
            elif isinstance(one, str):
                yield where, one
            elif isinstance(one, bytes) and where == "ArrowData.data":
                for column in pa.ipc.open_stream(one).read_all().columns:
                    yield from ((where, str(cell)) for cell in column.to_pylist())


def drawn(node: Any) -> Iterator[tuple[str, str]]:
    """All of a page."""
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message):
        yield from strings(proto)
    for child in getattr(node, "children", {}).values():
        yield from drawn(child)


def alive(app: AppTest) -> list[tuple[str, str]]:
    """What is markup although it came as a name."""
    marks = (RAW, ":red[đỏ]", "<b>", "**đậm**", "$x^2$", "www.evil")
    return [(where, text) for where, text in drawn(app._tree) if any(mark in text for mark in marks)]


class Markup(HTMLParser):
    """What of a piece of HTML a browser would act on."""

    ELEMENTS = (
        *(
            "a",
            "b",
            "br",
            "details",
            "div",
            "h1",
            "h2",
            "h3",
            "i",
            "img",
            "li",
            "ol",
            "p",
            "section",
            "small",
        ),
        *("span", "summary", "ul", "nav", "style", "script", "table", "tbody", "thead", "tr", "th", "td"),
        *("svg", "path", "text"),
    )
    ATTRIBUTES = (
        *("href", "src", "alt", "class", "id", "role", "aria-label", "aria-hidden", "aria-current"),
        *("data-key", "defer", "scope", "tabindex"),
        *("viewbox", "d", "x", "y", "text-anchor"),
    )

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.ELEMENTS:
            self.foreign.append(tag)
        for name, value in attrs:
            own = {"href": r"/\w*(\?.*)?", "src": r"data:image/svg\+xml;base64,.*|/assets/first\.js\?v=\w+"}
            if name not in self.ATTRIBUTES or not re.fullmatch(own.get(name, ".*"), value or "", re.S):
                self.foreign.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def visits(cockpit: Any) -> list[tuple[str, dict[str, str]]]:
    camera = next(a.code for a in cockpit.profile.assets if a.kind == "camera")
    pages: list[tuple[str, dict[str, str]]] = [(entry.name, {}) for entry in nav.PAGES]
    alerts = [str(alert.id) for alert in inside.alerts(cockpit.store)[:3]]
    pages += [("alerts", {"list": name}) for name in ("working", "closed", "rules")]
    pages += [("alerts", {"id": alert, "role": "admin"}) for alert in alerts]
    pages += [
        ("alerts", {"list": "rules", "rule": r.code, "role": "admin"}) for r in cockpit.profile.rules[:3]
    ]
    pages += [("cameras", {"id": camera}), ("cameras", {"view": "map"})]
    pages += [("indicators", {"id": i.code}) for i in cockpit.profile.indicators[:2]]
    pages += [("sources", {"id": s.code}) for s in cockpit.profile.sources[:1]]
    pages += [("indices", {"view": name}) for name in ("dti", "facts")]
    pages += [("units", {"id": cockpit.profile.units[0].code}), ("units", {"id": "skhcn"})]
    return [*pages, ("simulator", {"role": "presenter"})]


def test_no_name_of_the_catalogue_becomes_markup_on_any_page(visit: Visit, hostile: Any) -> None:
    found: dict[str, str] = {}
    shown: set[str] = set()
    for n, (page, params) in enumerate(visits(hostile)):
        app = visit(page, lang=("vi", "en")[n % 2], **params)
        assert not app.exception
        found |= {f"{page} {params} {where}": text[:160] for where, text in alive(app)}
        shown |= {f"{page} {where}" for where, text in drawn(app._tree) if "evil" in text}
        pieces = Markup(sheets(app))
        assert pieces.foreign == [], f"{page} {params}"
        assert pieces.text.count("**đậm**") == pieces.text.count("đậm")
        shown |= {f"{page} sheet"} if "evil" in pieces.text else set()
    assert {"home sheet", "alerts sheet", "cameras PageLink.label"} <= shown
    assert found == {}
    assert any("evil" in cell for row in rows_of(visit("alerts")) for cell in map(str, row.values()))


ASKED = ("<script>alert(1)</script>", "\u202eabc\u0000", "9" * 5_000, "x" * 100_000, RAW)


@pytest.mark.parametrize("value", ASKED, ids=[str(n) for n in range(len(ASKED))])
def test_whatever_an_address_asks_for_a_page_answers_with_a_sentence(visit: Visit, value: str) -> None:
    for page, names in (
        ("alerts", ("id", "q", "list", "rule")),
        ("cameras", ("id", "q", "unit", "state", "view")),
        ("indicators", ("id", "status")),
        ("sources", ("id",)),
        ("coverage", ("operator", "class")),
        ("indices", ("view", "by", "id", "base", "result")),
        ("plans", ("plan", "view", "id", "kind")),
        ("units", ("id", "by", "group")),
        ("audit", ("id", "days", "kind")),
    ):
        app = visit(page, lang="en", **dict.fromkeys(names, value))
        assert not app.exception
        assert WORDS["en"]["ui.panel_failed"] not in text(app), page
        assert max(len(element.value) for element in app.markdown) < 5_000
        assert alive(app) == []


def test_a_note_keeps_what_can_be_seen_and_is_shown_as_it_was_written(visit: Visit, cockpit: Any) -> None:
    open_ = inside.alerts(cockpit.store, open_only=True)
    alert = next(a.id for a in reversed(open_) if a.ack_at is None and a.cause is None)
    app = visit("alerts", lang="en", role="operator", id=str(alert))
    app.text_input(key=f"note-{alert}").set_value(f"\u202e=1+1\u0007\u200b {HOSTILE}\u2028hai").run()
    app.button(key=f"ack-{alert}").click().run()
    (note,) = (a.ack_note for a in inside.alerts(cockpit.store) if a.id == alert)
    recorded = inside.commands(cockpit.store)[-1].args["note"]
    assert note == f"=1+1 {HOSTILE} hai"
    assert not {"\u202e", "\u200b", "\u2028", "\u0007"} & set(note + recorded)
    app = visit("alerts", lang="en", id=str(alert))
    assert alive(app) == []
    pieces = Markup(sheets(app))
    assert pieces.foreign == []
    assert HOSTILE in pieces.text.replace("\u200b", "")


def test_a_note_that_is_too_long_is_refused_and_recorded_in_part(cockpit: Any) -> None:
    alert = inside.alerts(cockpit.store, open_only=True)[0]
    order = Acknowledge(alert=alert.id, version=alert.version, note="x" * 200_000)
    result = execute(cockpit, Command(Actor("Trực", "operator"), order, "y" * 200_000))
    assert result.code in ("reason_too_long", "already")
    assert len(msgspec.json.encode(inside.commands(cockpit.store)[-1].args)) < 3_000


def test_tables_and_charts_offer_no_download_in_which_a_cell_could_be_a_formula() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["client"]["disableDataExport"] is True


def test_cells_of_a_table_hold_nothing_unseen_or_turned_round() -> None:
    def page() -> None:
        from cockpit.ui import tables

        names = ["Lê \u202eAn\u200b", "An\nBình", "a\u3164", "", "plain"]
        table = tables.arrow({"name": names, "n": range(5)})
        tables.show(table, {"name": tables.text_column("x")}, key="k", alt="a")

    app = AppTest.from_function(page).run()
    assert not app.exception
    shown = app.dataframe[0].value
    assert shown["name"].tolist() == ["Lê An", "An Bình", "a", "", "plain"]
    assert shown["n"].tolist() == [0, 1, 2, 3, 4]
