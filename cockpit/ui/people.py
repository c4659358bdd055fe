"""Who is in front of the screen, and what they are here.

In a demo a picker stands in for signing in, and says so; from another machine it wants the code that was
printed at the start. In `serve` the identity comes from OIDC (`st.login`) or from the header of a trusted
proxy; without one the cockpit is read-only, and not even that on an address beyond loopback. What somebody
signed in may do, the settings say by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cockpit import entry
from cockpit.commands import Actor
from cockpit.domain import access
from cockpit.domain.person import Why, named_by_provider, named_by_proxy
from cockpit.domain.roles import Reader, Role
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape, quiet
from cockpit.ui.words import DEFAULT, lang, t

DEMO_ROLES: tuple[Role, ...] = (
    "leader", "unit_leader", "operator", "officer", "presenter", "admin",
)  # fmt: skip
_CHOSEN = "person"
PARAM = "role"
"""The role of a demo in the address, so that it outlives a reload; a picker guards nothing. The first
role is the usual one and stays out of it."""


@dataclass(frozen=True, slots=True)
class Person:
    """`role` decides what they may do; `reader` may only look. `name` goes into the log of commands."""

    role: Role | Reader
    name: str
    unit: str = ""
    called: str = ""  # by others, where that is not the name

    @property
    def may_act(self) -> bool:
        return self.role != "reader"

    @property
    def actor(self) -> Actor:
        """The person as commands name them."""
        return Actor(self.name, self.role, self.unit)


def current() -> Person:
    """The person of this session."""
    here = cockpit()
    if here.is_demo:
        if not entered():
            return Person("reader", "")
        return of_demo(st.session_state.get(_CHOSEN) or st.query_params.get(PARAM))
    name, _ = _identity()
    if not name or not (here.writable or here.forward):
        return Person("reader", name)
    return _enrolled(name)


def _enrolled(name: str) -> Person:
    """Who somebody signed in is: what the settings say stands before the file, so that whoever keeps the
    server is not shut out by a mistake in it. Who is in none of them may look."""
    here = cockpit()
    found = here.roster.of(name) if here.roster is not None else None
    role: Role | Reader = found.role if found else "reader"
    if name in here.config.operators:
        role = "operator"
    if name in here.config.admins:
        role = "admin"
    return Person(role, name, found.unit if found else "", found.name if found else "")


def opens(page: str) -> bool:
    """Whether the person of this session may open a page that is shut for some. What a demo has on record is
    made up, so there everybody may."""
    return cockpit().is_demo or access.opens(page, current().role)


def entered() -> bool:
    """Whether a demo takes the orders of this session: on loopback always, beyond it after the code."""
    config = cockpit().config
    return not config.exposed or entry.current().known(st.context.cookies.get(entry.cookie(config.port)))


def shut_out() -> Why:
    """Why this session may not see the pages; "" where it may."""
    here = cockpit()
    if not here.config.exposed or here.config.open_pages:
        return ""
    if here.is_demo:
        return "" if entered() else "code"
    return _identity()[1]


def of_demo(asked: str | None) -> Person:
    """Who stands for a role in a demo; for the usual one where none of them is asked for."""
    role = next((role for role in DEMO_ROLES if role == asked), DEMO_ROLES[0])
    profile = cockpit().profile
    return Person(role, profile.people.get(role) or t(f"role.{role}", "vi"), profile.posts.get(role, ""))


def _remember(role: Role | Reader) -> None:
    """Keep the role in the address, also where a link to another page has left it out."""
    if role != DEMO_ROLES[0]:
        if st.query_params.get(PARAM) != role:
            st.query_params[PARAM] = role
    elif PARAM in st.query_params:
        del st.query_params[PARAM]


def reader_word() -> str:
    """Key of the sentence why somebody may only look."""
    name, why = _identity()
    if name and (cockpit().writable or cockpit().forward):
        return "people.no_role_why"
    return f"gate.{why}_why" if why in ("unclear", "unverified") else "people.read_only_why"


def _identity() -> tuple[str, Why]:
    """The name of who is signed in, or "" and why there is none."""
    config = cockpit().config
    if config.trusted_header:
        headers = st.context.headers  # by itself it gives the first of several
        every = getattr(headers, "get_all", lambda name: [headers[name]])
        return named_by_proxy(config.trusted_header, ((name, one) for name in headers for one in every(name)))
    if getattr(st.user, "is_logged_in", False) is True:
        return named_by_provider(st.user.to_dict(), trust_emails=config.trust_emails)
    return "", "nobody"


def has_provider() -> bool:
    """Whether an OIDC provider is named in Streamlit's secrets."""
    if cockpit().config.trusted_header:
        return False
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def sign() -> None:
    """The button to sign in, or out, where there is a provider."""
    if has_provider():
        inside = getattr(st.user, "is_logged_in", False) is True
        act, word = (st.logout, "people.sign_out") if inside else (st.login, "people.sign_in")
        st.button(t(word), on_click=act, type="tertiary", icon=":material/key:")


def _named(role: Role, language: str) -> str:
    """A role of the demo with the name of who has it."""
    name = cockpit().profile.people.get(role)
    return t(f"role.{role}", language) + (f" · {name}" if name else "")


def picker() -> None:
    """The person at the right end of the strip."""
    person, language = current(), lang()
    if not cockpit().is_demo:
        st.markdown(
            f":material/person: {escape(person.called or person.name)}"
            if person.name
            else quiet(t("people.read_only"))
        )
        sign()
        return
    if not person.may_act:
        st.markdown(quiet(t("people.read_only")))
        st.link_button(t("people.enter"), entry.PATH, type="tertiary", icon=":material/key:")
        return
    # Streamlit remembers a choice by its label, so each language has a widget of its own.
    key = "person_role" if language == DEFAULT else f"person_role_{language}"

    def choose() -> None:
        st.session_state[_CHOSEN] = st.session_state[key]

    st.session_state[_CHOSEN] = person.role
    _remember(person.role)

    with st.popover(t(f"role.{person.role}"), icon=":material/person:", type="tertiary"):
        st.markdown(quiet(t("people.demo")))
        st.radio(
            t("people.role"),
            DEMO_ROLES,
            index=DEMO_ROLES.index(person.role),
            format_func=lambda role: _named(role, language),
            key=key,
            on_change=choose,
        )
