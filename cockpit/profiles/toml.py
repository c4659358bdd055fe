"""TOML of people's files: what the parser, or who comes after it, would stumble over is a ValueError."""

from __future__ import annotations

import tomllib
from typing import Any

MAX_DEPTH = 32
"""Lists and tables within each other: no file here needs more than five."""


def parse(text: str) -> dict[str, Any]:
    """The document of a text. Raises ValueError."""
    deep = f"lists or tables nested more than {MAX_DEPTH} deep"
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise ValueError(deep) from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a whole number of more digits than any number here has") from None
    # Dotted keys nest without brackets, so what was parsed may still be too deep to be shown or converted.
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return document
    raise ValueError(deep)
