"""A whole by its parts: one bar, and under it each part in words."""

from __future__ import annotations

import html
from collections.abc import Iterable


def bar(parts: Iterable[tuple[str, int, str]]) -> str:
    """Parts as (tone, count, words)."""
    parts = list(parts)
    fields = "".join(f'<i class="{tone}" style="flex-grow:{n}"></i>' for tone, n, _ in parts if n)
    words = "".join(f'<li class="{tone}">{html.escape(word)}</li>' for tone, _, word in parts)
    return f'<div class="bar">{fields}</div><ul class="key">{words}</ul>'
