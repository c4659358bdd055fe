"""The indicator tile: name, value, trend, target, change or doubt, source kind, age. One height always."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cockpit.domain.text import plain
from cockpit.ui import figures
from cockpit.ui.charts import sparkline_svg
from cockpit.ui.links import to
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import KIND_ICONS, LOOKS
from cockpit.ui.words import t, unit_word
from cockpit.views.figure import Figure

SOON_S = 3600.0


@lru_cache(maxsize=512)
def _spark(values: tuple[float, ...], target: float | None, mark: str) -> str:
    return sparkline_svg(values, target, mark)


def tiles(found: Iterable[Figure], query: Mapping[str, str], language: str) -> str:
    """All of them as HTML; `query` is what of the address their links take along."""
    return f'<ul class="tiles">{"".join(_tile(figure, query, language) for figure in found)}</ul>'


def _tile(figure: Figure, query: Mapping[str, str], language: str) -> str:
    look = LOOKS[figure.status]
    name, unit = figure.short.get(language), escape(figure.unit.get(language))
    value = figures.number(figure.value, figure.decimals, language)
    told = to_html(value)
    if figure.value is not None and unit:
        told += f' <span class="unit">{to_html(unit_word(value, unit, language))}</span>'
    alt = html.escape(t("figure.spark_alt", language, name=name))
    picture = f'<img alt="{alt}" src="{_spark(figure.spark, figure.target, look.mark)}">'
    if len(figure.spark) < 2:  # the picture is empty then and only holds the place
        picture = f'<div class="spark small gray">{to_html(t("figure.short_trend", language))}</div>'
    below = (
        figures.target(figure.target, figure.direction, unit, language),
        second_line(figure, language),
        source_line(figure, language),
    )
    return (
        f'<li data-key="{html.escape(figure.code)}"><div>{mark(look)}'
        f'<a href="{to("indicators", query, id=figure.code)}">{html.escape(plain(name))}</a></div>'
        f"<b>{told}</b>{picture}<div>{to_html(lines(*below))}</div></li>"
    )


def second_line(figure: Figure, language: str) -> str:
    """The change in words, or the doubt that replaces it."""
    doubt = figure.doubt.get(language) if figure.doubt else ""
    if figure.status == "stale" and not (doubt and (figure.age_s or 0) < SOON_S):
        return badge(
            t("status_badge.stale", language, span=figures.span(figure.age_s or 0, language)),
            "gray",
            "schedule",
        )
    if figure.status in ("stale", "nodata", "suspect", "samples", "unjudged"):
        # A figure made a moment ago from a source that is late: the source is what is to be told.
        key = "late_source" if figure.status == "stale" else figure.status
        mark = badge(t(f"status_badge.{key}", language), "gray", LOOKS[figure.status].icon)
        return f"{mark} {quiet(escape(doubt))}" if doubt else mark
    if figure.change is None:
        return quiet(t("figure.no_change", language))
    return figures.change(
        figure.change,
        figure.direction,
        figure.decimals,
        escape(figure.unit.get(language)),
        figure.change_days,
        language,
    )


def source_line(figure: Figure, language: str) -> str:
    """Source kind and age, small and grey."""
    kind = f"{icon(KIND_ICONS[figure.source_kind])} {t(f'kind.{figure.source_kind}', language)}"
    told = figures.age(figure.age_s, language) if figure.age_s is not None else t("figure.never", language)
    return quiet(f"{kind} · {told}")
