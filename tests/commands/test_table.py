"""The table of commands in the docs is the one the code goes by."""

from __future__ import annotations

from pathlib import Path

from cockpit.commands import table
from cockpit.commands.registry import HANDLERS, KINDS, SLOW
from cockpit.domain import access

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_docs_hold_the_table_of_commands_and_roles() -> None:
    assert table.markdown() in PAGE.read_text("utf-8")


def test_the_docs_hold_the_table_of_pages() -> None:
    assert table.pages_markdown() in PAGE.read_text("utf-8")


def test_every_command_stands_on_a_page_but_what_pages_send_by_themselves() -> None:
    offered = {name for page in access.PAGES for name in page.acts}
    assert {line.name for line in table.lines()} - offered == {"seen"}
    assert all(name in {line.name for line in table.lines()} for name in offered)


def test_every_command_has_one_handler_a_name_and_a_sentence() -> None:
    assert not HANDLERS.keys() & SLOW.keys()
    assert len(KINDS) == len(HANDLERS) + len(SLOW)
    for line in table.lines():
        assert line.roles, line.name
        assert line.about.endswith("."), line.name
