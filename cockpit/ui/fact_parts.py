"""Published figures on the page: what others have said, with value, date and source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.domain.catalog import Text
from cockpit.domain.indices import dti, service
from cockpit.profiles.indices import Indices
from cockpit.profiles.model import Fact
from cockpit.ui import figures, tables
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, lines, quiet
from cockpit.ui.words import lang, t
from cockpit.views.facts import FactsView

Row = tuple[str, str]
"""What is said, and its figure: markdown."""


def verdict(view: FactsView) -> str:
    if not view.n:
        return f"# {icon('help', 'gray')} {t('facts.none')}"
    return f"# {icon('fact_check')} {t('facts.verdict', n=view.n, sources=len(view.publications))}"


def publications(view: FactsView) -> None:
    """A card for every source, in two columns of like length."""
    language = lang()
    cards = [
        (escape(p.source.get(language)), [_row(fact, language) for fact in p.facts])
        for p in view.publications
    ]
    cards += _of_indices(cockpit().profile.indices, language)
    places = st.columns(2)
    filled = [0, 0]
    for source, rows in cards:
        at = filled.index(min(filled))
        filled[at] += len(rows) + 2
        with places[at].container(border=True, gap="small"):
            st.markdown(f"## {source}", anchors=False)
            _table(rows, source)


def _table(rows: Sequence[Row], source: str) -> None:
    columns = {t("facts.what"): [said for said, _ in rows], t("facts.value"): [value for _, value in rows]}
    tables.read(columns, alt=t("facts.alt", source=source))


def _row(fact: Fact, language: str) -> Row:
    when = quiet(" · ".join(map(escape, (fact.code, fact.province, figures.period(fact.date, language)))))
    return lines(escape(fact.text.get(language)), when), lines(*_figures(fact, language))


def _figures(fact: Fact, language: str) -> list[str]:
    """The figure, with what it is a share of, and the others of the same fact."""
    found = []
    if fact.done is not None and fact.all is not None:
        found.append(f"**{fact.done}/{fact.all}** = {figures.quantity(fact.rate, '%', 1, language)}")
    elif fact.value is not None:
        found.append(f"**{_quantity(fact.value, fact.unit, language)}**")
    for other in fact.further:
        told = _quantity(other.value, other.unit, language)
        found.append(t("facts.over", language, value=told) if other.more else told)
    return found


def _quantity(value: float, unit: Text, language: str) -> str:
    decimals = 0 if value == round(value) else 1
    return escape(figures.quantity(value, unit.get(language), decimals, language))


def _of_indices(found: Indices, language: str) -> list[tuple[str, list[Row]]]:
    """Published results of the two indices, in the same form."""
    cards = []
    for one in found.published:
        when = quiet(f"{escape(one.name.get(language))} · {escape(figures.period(one.date, language))}")
        rows = [
            (
                lines(t("indices.total_of_766", language), when),
                f"**{figures.number(one.total, 1, language)}** · {t(f'indices.grade_{one.grade}', language)}",
            )
        ]
        rows += [
            (
                t(f"indices.component_{code}", language),
                f"{figures.number(one.points[code], 1, language)}/{most:g}",
            )
            for code, most in service.MOST.items()
        ]
        cards.append((escape(one.source.get(language)), rows))
    by_source: dict[Text, list[Row]] = {}
    for result in found.published_dti:
        when = quiet(escape(figures.period(result.date, language)))
        name = escape(result.name.get(language))
        pillars = [
            t("facts.pillar", language, name=t(f"indices.pillar_{p}", language), value=_score(v, language))
            for p, v in result.pillars.items()
        ]
        by_source.setdefault(result.source, []).append(
            (
                lines(t("facts.dti", language, name=name, rank=result.rank, all=result.of), when),
                lines(f"**{_score(result.dti, language)}**", *pillars),
            )
        )
    cards += [(escape(source.get(language)), rows) for source, rows in by_source.items()]
    return cards


def _score(value: float, language: str) -> str:
    return figures.number(value, dti.DECIMALS, language)
