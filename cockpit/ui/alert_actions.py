"""What may be done with an alert besides acknowledging it: behind one button, one form at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from cockpit.commands import Instant, Message
from cockpit.commands.handling import Assign, Close, Comment, Escalate, Reopen, Unacknowledge
from cockpit.commands.ledger import cap_of
from cockpit.commands.mutes import Maintenance, Matchers, OutOfService, Shelve, Silence, Unsilence
from cockpit.domain.alerting.escalation import above
from cockpit.domain.alerting.mutes import RULE_OFF, Matcher
from cockpit.domain.periods import HOUR_MS
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import figures, live, mute_words, people, weekly_form
from cockpit.ui.act import act, may
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, icon, quiet
from cockpit.ui.plan_words import body
from cockpit.ui.rule_parts import term
from cockpit.ui.words import lang, t
from cockpit.views import muting
from cockpit.views.alerts import Alert
from cockpit.views.muting import Muting

HIDING: dict[str, type[Message]] = {
    "silence": Silence, "shelve": Shelve, "out_of_service": OutOfService, "maintenance": Maintenance,
}  # fmt: skip
KINDS: dict[str, type[Message]] = {
    "assign": Assign, "comment": Comment, "escalate": Escalate, **HIDING, "close": Close, "reopen": Reopen,
    "unacknowledge": Unacknowledge, "unsilence": Unsilence,
}  # fmt: skip
TERMS = (1, 2, 4, 8, 24, 7 * 24, 30 * 24)
"""Hours for which something can be hidden; those that the role may are offered."""

USUAL_TERM = 2
STANDING = ("accepted", "false_alarm")
"""What may be said of an alert whose condition stands."""


def draw(alert: Alert, code: str) -> None:
    """Where the alert stands with people, and what this person may do with it."""
    mutes = live.view(muting.of_alert, alert.id) if alert.muted else ()
    with st.container():  # stays when it is empty, so that the actions are not closed under somebody's hands
        _told(alert, mutes)
    actions = [name for name in _possible(alert, mutes) if may(KINDS[name])]
    if not actions:
        return
    language = lang()
    with st.popover(t("acting.open"), icon=":material/more_horiz:", key=f"acting-{alert.id}"):
        last_key = f"acting-last-{alert.id}"  # what may be done can change while somebody is at it
        last = st.session_state.get(last_key)
        chosen = st.pills(
            t("acting.which"),
            actions,
            default=last if last in actions else None,
            format_func=lambda name: t(f"acting.do_{name}", language),
            key=f"acting-which-{alert.id}-{language}-{'-'.join(actions)}",
            label_visibility="collapsed",
        )
        st.session_state[last_key] = chosen
        if chosen:
            _form(alert, code, str(chosen), mutes)


def _possible(alert: Alert, mutes: Sequence[Muting]) -> list[str]:
    """What makes sense as the alert stands."""
    if alert.closed is not None:
        return ["comment", "reopen" if alert.outcome else "close"]
    found = ["assign", "comment"]
    if above(alert.escalated):
        found.append("escalate")
    if any(m.mute.what in STANDING for m in mutes):
        found.append("reopen")
    elif any(m.mute.what != RULE_OFF for m in mutes):
        found.append("unsilence")
    if not alert.muted:
        found += ["silence", "shelve", "close"]
        found += ["out_of_service"] if alert.asset else []
        found.append("maintenance")
    if alert.ack_at is not None:
        found.append("unacknowledge")
    return found


def _told(alert: Alert, mutes: Sequence[Muting]) -> None:
    """Who has it, how far up it was brought, how it ended, and why it is hidden until when."""
    now = cockpit().clock.domain_ms()
    parts = []
    if alert.assigned:
        parts.append(f"{icon('assignment_ind')} {t('acting.assigned', to=escape(body(alert.assigned)))}")
    if alert.escalated:
        parts.append(f"{icon('arrow_upward')} {t('acting.escalated', to=t(f'acting.to_{alert.escalated}'))}")
    if alert.outcome:
        parts.append(f"{icon('flag')} {t('acting.outcome', outcome=t(f'acting.outcome_{alert.outcome}'))}")
    for one in mutes:
        mute = one.mute
        parts.append(
            f"{icon('notifications_off', 'blue')} "
            + t(
                "acting.hidden",
                what=t(f"mutes.what_{mute.what}"),
                until=figures.instant(mute.until, now),
                actor=escape(mute.actor),
                reason=escape(mute.reason),
            )
        )
    if parts:
        st.markdown("  \n".join(parts))


def _form(alert: Alert, code: str, name: str, mutes: Sequence[Muting]) -> None:
    st.markdown(quiet(t(f"acting.about_{name}")))
    if name in HIDING:
        _hide(alert, code, name)
        return
    if name == "assign":
        bodies = [*cockpit().profile.bodies, *cockpit().profile.unit]
        language, to_key = lang(), f"acting-to-{alert.id}"
        st.selectbox(
            t("acting.to"),
            bodies,
            format_func=lambda code: body(code, language),
            key=to_key,
            on_change="ignore",
        )
        _do(alert, code, name, lambda: Assign(alert=alert.id, to=st.session_state[to_key]))
    elif name == "close":
        key = f"acting-outcome-{alert.id}"
        ends = alert.closed is not None or alert.stale
        options = ["repaired", *STANDING] if ends else list(STANDING)
        language = lang()
        st.selectbox(
            t("acting.how"),
            options,
            format_func=lambda one: t(f"acting.outcome_{one}", language),
            key=key,
            on_change="ignore",
        )
        _do(alert, code, name, lambda: Close(alert=alert.id, outcome=st.session_state[key]))
    elif name == "unsilence":
        numbers = [m.number for m in mutes if m.mute.what != RULE_OFF]
        _do(alert, code, name, lambda: Unsilence(mute=numbers[0]))
    else:
        plain: dict[str, Callable[[], Message]] = {
            "comment": lambda: Comment(alert=alert.id),
            "escalate": lambda: Escalate(alert=alert.id, version=alert.version),
            "reopen": lambda: Reopen(alert=alert.id),
            "unacknowledge": lambda: Unacknowledge(alert=alert.id, version=alert.version),
        }
        _do(alert, code, name, plain[name])


def _hide(alert: Alert, code: str, name: str) -> None:
    """What is hidden for how long, with how many alerts that are."""
    matchers = _matchers(alert, name)
    counted = live.view(muting.preview, matchers)
    language, which = lang(), f"acting-matcher-{name}-{alert.id}"
    at = 0
    if len(matchers) > 1:
        at = st.selectbox(
            t("acting.what"),
            range(len(matchers)),
            format_func=lambda i: _option(matchers[i], counted[i], language),
            key=f"{which}-{language}",
        )
    matcher = matchers[at or 0]
    role = people.current().role
    within = HIDING[name].WITHIN_MS.get(role, 0)
    if name == "silence":
        within = min(within, cap_of(role, critical=alert.priority == "critical"))
    if name == "maintenance" and weekly_form.asked(f"acting-weekly-{alert.id}"):
        _every_week(alert, code, matcher, counted[at or 0])
        return
    terms = [hours for hours in TERMS if hours * HOUR_MS <= within]
    term_key = f"acting-term-{name}-{alert.id}"
    st.selectbox(
        t("acting.term", language),
        terms,
        index=terms.index(USUAL_TERM),
        format_func=lambda hours: term(hours, language),
        key=term_key,
        on_change="ignore",
    )
    st.markdown(f"{icon('visibility_off')} {t('acting.preview', n=counted[at or 0])}")

    def message() -> Message:
        until = Instant(cockpit().clock.domain_ms() + int(st.session_state[term_key]) * HOUR_MS)
        if name == "shelve":
            return Shelve(alert=alert.id, until=until)
        if name == "out_of_service":
            return OutOfService(asset=alert.asset, until=until)
        wanted = Matchers(rule=matcher.rule, asset=matcher.asset, unit=matcher.unit)
        return (Silence if name == "silence" else Maintenance)(matchers=wanted, until=until)

    _do(alert, code, name, message)


def _every_week(alert: Alert, code: str, matcher: Matcher, hides: int) -> None:
    """Windows of maintenance that come back."""
    chosen = weekly_form.form(f"acting-weekly-{alert.id}", cockpit().clock.domain_ms())
    if chosen is None:
        return
    st.markdown(f"{icon('visibility_off')} {t('acting.weekly_preview', n=hides)}")
    wanted = Matchers(rule=matcher.rule, asset=matcher.asset, unit=matcher.unit)
    order = Maintenance(matchers=wanted, until=chosen.until, weekly=chosen.weekly)
    _do(alert, code, "maintenance", lambda: order)


def _option(matcher: Matcher, n: int, language: str) -> str:
    return f"{mute_words.matter(matcher, language)} ({t('acting.hides', language, n=n)})"


def _matchers(alert: Alert, name: str) -> tuple[Matcher, ...]:
    """What may be hidden from this alert on: the narrowest first."""
    if name == "shelve":
        return (Matcher(alert=alert.id),)
    if name == "out_of_service":
        return (Matcher(asset=alert.asset),)
    found = []
    if alert.asset:
        found += [Matcher(rule=alert.rule, asset=alert.asset), Matcher(asset=alert.asset)]
    if alert.unit:
        found += [Matcher(rule=alert.rule, unit=alert.unit), Matcher(unit=alert.unit)]
    return (*found, Matcher(rule=alert.rule))


def _do(alert: Alert, code: str, name: str, message: Callable[[], Message]) -> None:
    """The reason and the button of every form."""
    why_key = f"acting-why-{name}-{alert.id}"

    def clicked() -> None:
        st.query_params["id"] = str(alert.id)  # the panel stays with this alert
        if act(message(), what=code, reason=str(st.session_state.get(why_key) or "")):
            st.session_state[why_key] = ""

    label = t("acting.reason" if KINDS[name].REASON else "acting.note")
    st.text_input(label, key=why_key, max_chars=MAX_NOTE, on_change="ignore")
    st.button(t(f"acting.do_{name}"), key=f"acting-do-{name}-{alert.id}", on_click=clicked, type="primary")
