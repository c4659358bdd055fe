"""A table has one row type: none is told twice under another name or in another order."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def row_types() -> list[tuple[str, frozenset[str]]]:
    """Names and members of the tuples that the store gives and takes."""
    found = []
    for path in sorted((ROOT / "cockpit" / "store").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "NamedTuple" in map(ast.unparse, node.bases):
                members = (one.target for one in node.body if isinstance(one, ast.AnnAssign))
                found.append((node.name, frozenset(map(ast.unparse, members))))
    return found


def test_no_two_row_types_of_the_store_share_a_name_or_all_members() -> None:
    types = row_types()
    assert len(types) > 20
    names, members = zip(*types, strict=True)
    assert [name for name, n in Counter(names).items() if n > 1] == []
    assert [sorted(told) for told, n in Counter(members).items() if n > 1] == []
