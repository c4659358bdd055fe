"""The score of the alerts against what was really played, in a demo alone: figures by story and by rule, what
went wrong one by one, and how each figure is reckoned."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.domain.alerting.played import EVERYDAY, ORDERED, SORTS, Figures, Finding, Played
from cockpit.profiles import Profile
from cockpit.score.bystander import Judgement
from cockpit.ui import figures, sheets
from cockpit.ui.context import cockpit, demo_run
from cockpit.ui.links import to
from cockpit.ui.marks import badge, escape, quiet
from cockpit.ui.plain import to_html
from cockpit.ui.stage_faults import kind_name
from cockpit.ui.words import lang, t

DEFINED = ("recall", "precision", "delay", "cause", "missed", "wrong", "late", "false_resolves", "unjudged")
"""What is explained below the figures."""


def there() -> bool:
    """Whether this is a demo: elsewhere nobody knows what really happened."""
    return cockpit().demo is not None


def look() -> Judgement | None:
    """What is known of the score now; None where nobody can judge, for what plays is a recording or comes
    from outside."""
    bystander = cockpit().bystander
    return None if bystander is None else bystander.look()


def head(told: Judgement | None, now_ms: int) -> str:
    """What it is about, from when to when, and what is not judged yet: HTML."""
    title = f"{to_html(t('played.title'))} {to_html(badge(t('kind.simulated'), 'violet', 'science'))}"
    return f"<h2>{title}</h2>{sheets.quiet(_state(told, now_ms))}"


def _state(told: Judgement | None, now_ms: int) -> str:
    if told is None:
        return t("played.nobody")
    if told.played is None:
        return t("played.failed" if told.failed else "played.busy" if told.busy else "played.nothing")
    p = told.played
    parts = [t("played.span", since=figures.instant(p.start, now_ms), until=figures.instant(p.end, now_ms))]
    if not p.whole:
        parts.append(t("played.newest"))
    if p.spans > 1:
        parts.append(t("played.leaps", n=p.spans - 1))
    parts.append(t("played.waiting", n=p.waiting) if p.waiting else t("played.all_judged"))
    if told.failed:
        parts.append(t("played.failed"))
    return " ".join(parts)


def by_story(p: Played) -> str:
    """All, then each story, with what a presenter ordered and what happens by itself: HTML."""
    rows = [_row(f"**{t('played.all')}**", p.total, whole=True)]
    rows += [_row(escape(story(name)), one, whole=False) for name, one in p.scenarios.items()]
    return sheets.table(_heads("story"), rows, alt=t("played.by_story_alt"), figures=True, whole=True)


def by_rule(p: Played, profile: Profile) -> str:
    """Each rule that had something to find, or raised something: HTML."""
    rows = [_row(escape(_rule(code, profile)), one, whole=True) for code, one in p.rules.items()]
    if not rows:
        return ""
    told = sheets.table(_heads("rule"), rows, alt=t("played.by_rule_alt"), figures=True, whole=True)
    return sheets.fold(t("played.by_rule", n=len(rows)), told, key="played-rules")


def astray(p: Played, profile: Profile, now_ms: int, query: Mapping[str, str]) -> str:
    """What went wrong, each with the way to the alert, or to its moment on the stage: HTML."""
    if not any(p.counts.values()):
        return sheets.quiet(t("played.nothing_wrong")) if p.total.expected else ""
    parts = []
    for sort in SORTS:
        mine = [f for f in p.findings if f.sort == sort]
        if not mine:
            continue
        lines = "".join(f"<li>{_line(f, profile, now_ms, query)}</li>" for f in mine)
        more = p.counts[sort] - len(mine)
        rest = sheets.quiet(t("played.more", n=more)) if more else ""
        parts.append(f"<h3>{to_html(t(f'played.list_{sort}', n=p.counts[sort]))}</h3><ul>{lines}</ul>{rest}")
    return "".join(parts)


def definitions() -> str:
    """How each figure is reckoned: HTML."""
    pairs = [(t(f"played.{name}"), t(f"played.{name}_how")) for name in DEFINED]
    told = sheets.facts(pairs, alt=t("played.how")) + sheets.quiet(t("played.source"))
    return sheets.fold(t("played.how"), told, key="played-how")


def story(name: str) -> str:
    """A scenario by its name, or what stands in place of one."""
    if name in (ORDERED, EVERYDAY):
        return t(f"played.group_{name[1:]}")
    run = demo_run()
    found = None if run is None else run.library.scenarios.get(name)
    return name if found is None else found.name.get(lang())


def _heads(first: str) -> tuple[str, ...]:
    names = ("recall", "precision", "p50", "p95", "cause")
    return (t(f"played.col_{first}"), *(t(f"played.col_{name}") for name in names))


def _row(name: str, f: Figures, *, whole: bool) -> tuple[str, ...]:
    """A wrong alert is of no story: their precision is not known (`whole` false)."""
    return (
        name,
        _share(f.recall, f.found, f.expected),
        _share(f.precision, f.right, f.right + f.wrong) if whole else figures.NOTHING,
        figures.NOTHING if f.detect_p50_s is None else figures.span(f.detect_p50_s),
        figures.NOTHING if f.detect_p95_s is None else figures.span(f.detect_p95_s),
        _share(f.cause, f.named, f.with_symptoms),
    )


def _share(share: float | None, part: int, all_: int) -> str:
    if share is None:
        return figures.NOTHING
    counted = t("played.of", part=figures.number(part), all=figures.number(all_))
    return f"**{figures.percent(share, 1)}** {quiet(counted)}"


def _rule(code: str, profile: Profile) -> str:
    rule = profile.rule.get(code)
    return code if rule is None else rule.name.get(lang())


def _line(f: Finding, profile: Profile, now_ms: int, query: Mapping[str, str]) -> str:
    """One thing that went wrong: HTML."""
    asset = profile.asset.get(f.code)
    about = asset.name if asset is not None else f.code
    title = f"{_rule(f.rule, profile)} · {about}" if f.rule else about
    where = (
        to("alerts", query, id=str(f.alert)) if f.alert is not None else to("simulator", query, at=str(f.at))
    )
    told = [figures.compact(f.at, now_ms)]
    if f.kind:
        told.append(f"{kind_name(f.kind, lang())} ({story(f.scenario)})")
    if f.by is not None:
        told.append(t("played.due", when=figures.compact(f.by, now_ms)))
    said = to_html(quiet(escape(" · ".join(told))))
    return f'<a href="{where}">{to_html(escape(title))}</a> {said}'
