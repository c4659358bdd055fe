"""Why a rule fires on a subject or is quiet, in sentences."""

from __future__ import annotations

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Text
from cockpit.parts import Parts
from cockpit.ui import figures
from cockpit.ui.alert_words import matter, when
from cockpit.ui.context import within
from cockpit.ui.kind_words import WORDS
from cockpit.ui.marks import escape, lower
from cockpit.ui.plain import to_text
from cockpit.ui.words import LANGUAGES, lang, reading, t
from cockpit.views.why import LEVELS, Why

_FIRING = {"between": "why.firing_between", "unknown": "why.firing_no_data"}


def sentence(why: Why) -> str:
    """All of it as markdown: what it is now, what was seen, the limit, and what stands over it."""
    told = [verdict(why)]
    if why.state not in ("not_watched", "no_data") or why.facts.get("last") or why.value is not None:
        told.append(WORDS[why.rule.kind].reading(why.rule, why.facts))
    if why.parts:
        listed = ", ".join(_part(p.rule.name.get(lang()), LEVELS[Level(p.level)]) for p in why.parts)
        told.append(t("why.parts", list=listed))
    told += [limit(why), *over(why)]
    return " ".join(part for part in told if part)


def verdict(why: Why) -> str:
    """Whether it fires, in one sentence."""
    since = figures.instant(why.since) if why.since is not None else figures.NOTHING
    if why.state == "firing":
        return t(_FIRING.get(why.level, "why.firing"), since=since)
    hold = why.rule.keep_s if why.state == "recovering" else why.rule.for_s
    left = figures.span(why.left_s) if why.left_s is not None else figures.NOTHING
    return t(f"why.{why.state}", since=since, hold=figures.span(hold), left=left)


def limit(why: Why) -> str:
    """When the rule fires."""
    said = escape(lower(when(why.rule)))
    if not why.rule.for_s:
        return t("why.limit", when=said)
    return t("why.limit_for", when=said, hold=figures.span(why.rule.for_s))


def over(why: Why) -> list[str]:
    """What hides it or would, and what it is folded under."""
    told = []
    for mute in why.hidden:
        told.append(
            t(
                "why.hidden" if why.alert is not None else "why.would_hide",
                until=figures.instant(mute.until),
                what=lower(t(f"mutes.what_{mute.what}")),
                actor=escape(mute.actor),
                reason=escape(mute.reason),
            )
        )
    if why.cause is not None:
        code = t("alerts.code", id=str(why.cause.id))
        told.append(t("why.folded", code=code, matter=escape(matter(why.cause))))
    return told


def as_text(why: Why, parts: Parts) -> Text:
    """The sentence in both languages, for those who are no page."""
    found = {}
    with within(parts):
        for language in LANGUAGES:
            with reading(language):
                found[language] = to_text(sentence(why))
    return Text(**found)


def _part(rule: str, level: str) -> str:
    return t("why.part", rule=escape(rule), level=t(f"why.level_{level}"))
