"""The indicator tile: name, value, trend, target, change or doubt, source kind, age. One height always."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from cockpit.ui import figures, nav
from cockpit.ui.charts import sparkline_svg
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.status import KIND_ICONS, LOOKS
from cockpit.ui.words import lang, t, unit_word
from cockpit.views.figure import Figure

SOON_S = 3600.0


@lru_cache(maxsize=512)
def _spark(values: tuple[float, ...], target: float | None, mark: str) -> str:
    return sparkline_svg(values, target, mark)


def tile(figure: Figure, *, linked: bool = True) -> None:
    """Draw one tile into the current cell."""
    language = lang()
    look = LOOKS[figure.status]
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, gap=None, wrap=False, vertical_alignment="center"):
            st.markdown(icon(look.icon, look.tone), width="content")
            if linked:
                nav.link("indicators", escape(figure.short.get(language)), params={"id": figure.code})
            else:
                st.markdown(escape(figure.short.get(language)), width="content")
        unit = escape(figure.unit.get(language))
        value = figures.number(figure.value, figure.decimals, language)
        st.metric(
            escape(figure.name.get(language)),
            f"{value} :small[{unit_word(value, unit, language)}]"
            if figure.value is not None and unit
            else value,
            label_visibility="collapsed",
        )
        st.markdown(body(figure, language))


def body(figure: Figure, language: str) -> str:
    """Everything under the value, as one markdown."""
    look = LOOKS[figure.status]
    name = escape(figure.short.get(language))
    picture = (
        f"![{t('figure.spark_alt', language, name=name)}]({_spark(figure.spark, figure.target, look.mark)})"
    )
    if len(figure.spark) < 2:  # the picture is empty then and only holds the place
        picture += quiet(t("figure.short_trend", language))
    return lines(
        picture,
        figures.target(figure.target, figure.direction, escape(figure.unit.get(language)), language),
        second_line(figure, language),
        source_line(figure, language),
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
