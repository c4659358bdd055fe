"""The table of commands in the docs is the one the code goes by."""

from __future__ import annotations

from pathlib import Path

from cockpit.commands import table
from cockpit.commands.registry import HANDLERS, KINDS, SLOW

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_docs_hold_the_table_of_commands_and_roles() -> None:
    assert table.markdown() in PAGE.read_text("utf-8")


def test_every_command_has_one_handler_a_name_and_a_sentence() -> None:
    assert not HANDLERS.keys() & SLOW.keys()
    assert len(KINDS) == len(HANDLERS) + len(SLOW)
    for line in table.lines():
        assert line.roles, line.name
        assert line.about.endswith("."), line.name
