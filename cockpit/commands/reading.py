"""Arguments of a command as they come over the wire, and as what they should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from cockpit.commands.model import Instant, Message
from cockpit.ingest.codes import Refusal
from cockpit.ingest.times import EXAMPLE, to_ms

M = TypeVar("M", bound=Message)

_AT = re.compile(r" - at `\$\.?(?P<path>.*)`$")
_FIELD = re.compile(r"field `(?P<name>[^`]*)`")


class BadArgument(ValueError):
    """`argument` names which one, `expected` says what it should be."""

    def __init__(self, argument: str, expected: str) -> None:
        super().__init__(f"{argument}: {expected}")
        self.argument, self.expected = argument, expected


def read(kind: type[M], args: Mapping[str, Any]) -> M:
    """The message of these arguments. Raises BadArgument."""
    try:
        return msgspec.convert(args, kind, dec_hook=_custom)
    except msgspec.ValidationError as error:
        text = str(error)
        found = _AT.search(text) or _FIELD.search(text)
        argument = found[1] if found else ""
        raise BadArgument(argument[:100], _AT.sub("", text)[:200]) from None


def _custom(kind: type, value: object) -> object:
    if kind is Instant:
        try:
            return Instant(to_ms(value if isinstance(value, str) else ""))
        except Refusal:
            raise ValueError(f"expected a time such as {EXAMPLE}") from None
    raise NotImplementedError(kind)
