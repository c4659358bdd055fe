"""The file that says whom to tell and how: `[[channel]]` by `[[channel]]`, in TOML."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from cockpit.config import ConfigError
from cockpit.domain.catalog import Priority
from cockpit.domain.notices import Quiet, Wanted
from cockpit.domain.roles import Role
from cockpit.engine.notices import bells
from cockpit.engine.notices.channel import PREFIX, Channel
from cockpit.profiles import Profile

MOST = 100
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://)")


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    url: str
    roles: tuple[Role, ...] = ()
    units: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    quiet: str = ""
    language: Literal["vi", "en"] = "vi"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    channel: tuple[_Line, ...] = ()


def load(path: Path, profile: Profile | None = None) -> tuple[Channel, ...]:
    """The channels of a file; with a profile the codes of units are looked up in it. Raises ConfigError,
    which names the place and never the address."""
    where = f"COCKPIT_CHANNELS={str(path)!r}"
    try:
        found = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as error:
        raise ConfigError(f"{where}: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{where}: no TOML: {type(error).__name__}{_place(error)}") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}") from None
    if len(found.channel) > MOST:
        raise ConfigError(f"{where}: {len(found.channel)} channels, at most {MOST}")
    names = [line.name for line in found.channel]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{where}: two channels are named {name!r}")
    return tuple(_channel(line, profile, f"{where}: channel {line.name!r}") for line in found.channel)


def _place(error: Exception) -> str:
    """Where in the file, without what stands there."""
    found = re.search(r"\(at [^)]*\)", str(error))
    return f" {found[0]}" if found else ""


def _channel(line: _Line, profile: Profile | None, where: str) -> Channel:
    if not _SCHEME.match(line.url):
        raise ConfigError(f"{where}: url: expected SCHEME://…, as mailtos://… or {PREFIX}https://…")
    if line.url.startswith(PREFIX):
        _must_be_http(line.url.removeprefix(PREFIX), where)
    elif not bells.known(line.url):
        raise ConfigError(f"{where}: url: apprise knows no address of this form")
    if profile is not None:
        for code in line.units:
            if code not in profile.unit and code not in profile.bodies:
                raise ConfigError(f"{where}: units: no unit and no department has the code {code!r}")
    wanted = Wanted(
        frozenset(line.roles), frozenset(line.units), frozenset(line.priorities), _quiet(line.quiet, where)
    )
    return Channel(line.name, line.url, wanted, line.language)


def _must_be_http(url: str, where: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f"{where}: url: expected {PREFIX}http://HOST/PATH or {PREFIX}https://HOST/PATH")


def _quiet(text: str, where: str) -> Quiet | None:
    if not text:
        return None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ConfigError(f"{where}: quiet={text!r}: expected hours as 22:00-06:00")
    a, b, c, d = (int(part) for part in found.groups())
    if (a, b) == (c, d):
        raise ConfigError(f"{where}: quiet={text!r}: begins when it ends")
    return Quiet(a * 60 + b, c * 60 + d)
