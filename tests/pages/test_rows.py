"""What a press on a row does to the address."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cockpit.domain.text import MAX_ASKED
from cockpit.ui.components import rows

GROUP, ONE = "camera-silent.44d115", "7"
LIST = rows.Rows(
    (rows.Column("x", "main"),), (rows.Row(GROUP, ("many",), opened=False), rows.Row(ONE, ("one",)))
)


@pytest.mark.parametrize(
    ("named", "press", "left"),
    [
        (None, GROUP, GROUP),  # the first row is taken as chosen, and opens by the first press
        (GROUP, GROUP, None),
        (GROUP, ONE, ONE),
        (ONE, ONE, ONE),
        (ONE, "of a row that went", "of a row that went"),  # it stood there when it was pressed
        (None, "", None),
        (None, "x" * 5000, "x" * MAX_ASKED),
    ],
)
def test_a_press_names_a_row_and_a_second_one_shuts_what_opens(
    monkeypatch: pytest.MonkeyPatch, named: str | None, press: str, left: str | None
) -> None:
    address = {} if named is None else {"id": named}
    page = SimpleNamespace(session_state={"list": {"pressed": press}}, query_params=address)
    mounted: list[dict[str, Any]] = []
    monkeypatch.setattr(rows, "st", page)
    monkeypatch.setattr(rows, "asked", lambda param: address.get(param))
    monkeypatch.setattr(rows, "_component", lambda **options: mounted.append(options))
    assert rows.pick(LIST, key="list", label="x", required=True, loose=[GROUP]) == (named or GROUP)
    mounted[0]["on_pressed_change"]()
    assert address.get("id") == left
