"""The name by which a person is known: of a sign-in, of a proxy's header, of a list in the settings.

What cannot be told for certain is nobody's name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Literal

Why = Literal["", "code", "nobody", "unclear", "unverified"]
"""Why somebody is nobody: a code is missing, nobody has signed in, the proxy names more than one person or
none that can be, the address of the mailbox is not verified."""

MAX_NAME = 254
"""Signs; the longest address of a mailbox."""
_D_WITH_STROKE = (0x110, 0x111)
"""The one letter of Vietnamese that is not made of a letter and marks."""
EXPECTED = (
    f"at most {MAX_NAME} Latin letters, with or without diacritics, digits and ASCII signs except the comma"
)


def known_as(text: str) -> str | None:
    """The name as it is compared and kept, None if it can be nobody's.

    Two names that look alike must not be two people: so no comma (a header that came twice and was
    joined on its way), nothing unseen, and no letter but those of ASCII, with diacritics or without.
    """
    name = unicodedata.normalize("NFC", text).strip(" \t")
    if not name or len(name) > MAX_NAME or not all(_may_stand(sign) for sign in name):
        return None
    return name


def _may_stand(sign: str) -> bool:
    if sign.isascii():
        return sign.isprintable() and sign != ","
    base = unicodedata.normalize("NFD", sign)
    marks = all(unicodedata.category(mark) == "Mn" for mark in base[1:])
    return ord(sign) in _D_WITH_STROKE or (
        len(base) > 1 and base[0].isascii() and base[0].isalpha() and marks
    )


def named_by_proxy(header: str, headers: Iterable[tuple[str, str]]) -> tuple[str, Why]:
    """The one name that the proxy's header carries. Spelled with underscores it is the same header for some
    proxies: where it comes in any spelling but once, nobody can tell which one the proxy has written."""
    wanted = _spelled(header)
    found = [(name, value) for name, value in headers if _spelled(name) == wanted]
    if not found:
        return "", "nobody"
    if len(found) > 1 or found[0][0].lower() != header.lower():
        return "", "unclear"
    value = found[0][1]
    try:
        value = value.encode("latin-1").decode("utf-8")  # servers hand headers on as Latin-1
    except UnicodeError:
        return "", "unclear"
    if not value.strip():
        return "", "nobody"
    name = known_as(value)
    return (name, "") if name else ("", "unclear")


def _spelled(header: str) -> str:
    return header.lower().replace("_", "-")


def named_by_provider(claims: Mapping[str, Any], *, trust_emails: bool) -> tuple[str, Why]:
    """The verified address of the mailbox: a display name is what its owner types. An address that the
    provider says nothing about counts as verified only by a setting."""
    verified = claims.get("email_verified")
    # Some providers send the claim as text.
    if not (verified is True or verified == "true" or (verified is None and trust_emails)):
        return "", "unverified"
    email = claims.get("email")
    name = known_as(email) if isinstance(email, str) else None
    return (name, "") if name else ("", "unverified")
