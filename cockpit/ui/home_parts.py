"""The parts of the home page that say how things stand: verdict, trust strip."""

from __future__ import annotations

from cockpit.domain.periods import HOUR_MS
from cockpit.domain.visits import VISIT_MS
from cockpit.ui import figure_compared, figures
from cockpit.ui.alert_words import group_in_short
from cockpit.ui.context import cockpit
from cockpit.ui.marks import badge, escape, lower, quiet
from cockpit.ui.need_parts import title
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import LOOKS
from cockpit.ui.words import t
from cockpit.views.figure import Figure
from cockpit.views.home import HomeView, Need
from cockpit.views.news import News

_VERDICT_LOOKS = {
    "red": LOOKS["red"],
    "orange": LOOKS["orange"],
    "green": LOOKS["green"],
    "unknown": LOOKS["stale"],
}


def head(view: HomeView, news: News, language: str) -> str:
    """One sentence that tells what to do, and what changed meanwhile: HTML."""
    return (
        f'<h1 class="verdict">{mark(_VERDICT_LOOKS[view.verdict])}'
        f"{to_html(verdict_sentence(view, language))}</h1>"
        f'<p class="gray small">{to_html(news_line(view, news, language))}</p>'
    )


def news_span(news: News, now_ms: int, language: str) -> str:
    """The time for which is counted what is new and what is over."""
    hours, when = VISIT_MS // HOUR_MS, figures.instant(news.since, now_ms, language)
    return t(f"home.news_{news.counted}", language, hours=hours, when=when)


def news_counts(view: HomeView, news: News, language: str) -> str:
    """What changed within that time, and what waits."""
    told = [t("home.news_new", language, n=news.opened), t("home.news_over", language, n=news.over)]
    if news.unwatched:
        told.append(t("home.news_unwatched", language, n=news.unwatched))
    return " · ".join([*told, t("home.news_waiting", language, n=view.waiting)])


def news_line(view: HomeView, news: News, language: str) -> str:
    """Both as one line of markdown."""
    return f"{news_span(news, view.now_ms, language)}: {news_counts(view, news, language)}"


def verdict_sentence(view: HomeView, language: str) -> str:
    """The verdict in words, without icon."""
    if view.verdict == "unknown":
        trust = view.trust
        if not trust.silent + trust.never:
            return t("home.verdict_empty", language)
        told = []
        if trust.silent:
            since = figures.instant(view.silent_since, view.now_ms, language)
            told.append(t("home.unknown_silent", language, n=trust.silent, since=since))
        if trust.never:
            told.append(t("home.unknown_never", language, n=trust.never))
        return t("home.verdict_unknown", language, total=trust.sources, what=", ".join(told))
    if view.verdict == "red":
        parts = []
        if view.counts.get("red"):
            parts.append(t("home.red_indicators", language, n=view.counts["red"]))
        if view.overdue:
            parts.append(t("home.overdue", language, n=view.overdue))
        if view.open and not view.overdue:
            parts.append(t("home.open", language, n=view.open))
        head = ", ".join(parts)
        if view.worst is None:
            if not view.red:
                return f"{head}."
            figure = view.red[0]
            what, owner = against_target(figure, language), escape(figure.owner.get(language))
            return f"{head}. {t('home.farthest', language, what=what, owner=owner)}"
        return f"{head}. {_worst(view.worst, language)}"
    if view.verdict == "orange":
        head = t("home.verdict_orange", language, n=view.counts.get("orange", 0))
        if view.nearest is None:
            return f"{head}."
        return f"{head}. {t('home.nearest', language, what=short(view.nearest, language))}"
    return t("home.verdict_green", language, n=view.counts.get("green", 0))


def _worst(need: Need, language: str) -> str:
    """The alert or the group that the verdict names, as markdown."""
    group = need.group
    what = lower(title(need.alert, language)) if group is None else escape(group_in_short(group, language))
    since = figures.instant(need.alert.since if group is None else group.since, need.now_ms, language)
    return t("home.worst", language, what=what, since=since)


def short(figure: Figure, language: str) -> str:
    """Name and value in one breath: markdown."""
    value = figures.quantity(figure.value, escape(figure.unit.get(language)), figure.decimals, language)
    return f"{escape(lower(figure.short.get(language)))} {value}"


def against_target(figure: Figure, language: str) -> str:
    """Name in full, value and target, as markdown: for who does not know the figure by heart."""
    unit = escape(figure.unit.get(language))
    value = figures.quantity(figure.value, unit, figure.decimals, language)
    goal = figures.target(figure.target, figure.direction, unit, language)
    return f"{escape(lower(figure.name.get(language)))} {value}, {lower(goal)}"


def trust(view: HomeView, language: str) -> str:
    """How far the figures can be trusted, as one quiet line: HTML."""
    found = view.trust
    late = ", ".join(
        t(f"home.{name}", language, n=n)
        for name, n in (("late", found.late), ("silent", found.silent), ("never", found.never))
        if n
    )
    items = [to_html(f"**{t('home.trust', language)}**")]
    if found.machine is not None:
        items.append(_against(t("home.machine", language), found.machine, language))
    fresh = f"{t('home.fresh', language)} **{found.fresh}/{found.sources}**"
    items.append(to_html(f"{fresh} {quiet(late)}" if late else fresh))
    if found.devices_silent:
        n, total = (figures.number(n, 0, language) for n in (found.devices_silent, found.devices))
        items.append(to_html(quiet(t("home.devices_silent", language, n=n, total=total))))
    if found.complete is not None:
        items.append(_against(t("home.complete", language), found.complete, language))
    if found.differences:
        items.append(figure_compared.differences(found.differences, language))
    if found.spared is not None and found.spared.reports:
        source = cockpit().profile.reporting.source
        items.append(figure_compared.spared(found.spared, source, language))
    if found.doubtful:
        items.append(to_html(badge(f"{t('home.doubtful', language)} **{found.doubtful}**")))
    return f'<ul class="trust">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _against(name: str, figure: Figure, language: str) -> str:
    """A figure beside its target. What misses it says so; what meets it stays quiet."""
    unit = escape(figure.unit.get(language))
    value = figures.quantity(figure.value, unit, figure.decimals, language)
    goal = lower(figures.target(figure.target, figure.direction, unit, language))
    look = LOOKS[figure.status]
    if figure.status not in ("red", "orange"):
        return to_html(f"{name} **{value}** {quiet(goal)}")
    below = f":{look.tone}[{t('home.below', language)}], {goal}"
    return f"{mark(look)}{to_html(f'{name} **{value}** {quiet(below)}')}"
