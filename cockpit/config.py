"""Settings, from the environment: the command line writes them there, `streamlit run app.py` reads them."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain.person import EXPECTED, known_as

DEFAULT_PROFILE = "quang_ninh"
"""The province where no other is named."""


class ConfigError(ValueError):
    """A setting that cannot be used: the message says which, what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set from outside. Paths are absolute, `start` is of RFC 3339 or empty."""

    mode: str  # demo | serve | engine
    data_dir: Path
    host: str
    port: int
    profile: str  # name of a profile that comes along, or the absolute path of a folder
    seed: int
    speed: float
    size: str
    start: str
    history_days: int
    simulator: bool
    trusted_header: str  # name of the proxy's header that carries the user, "" for none
    scenarios: tuple[str, ...] = ()  # that a demo begins with: codes, or files of one's own
    announce_to: Path | None = None  # a file that is told every line of the event log
    channels: Path | None = None  # a file that says whom to tell of alerts, and how
    replay: str = ""  # a recording that a demo plays instead of the simulator
    operators: frozenset[str] = frozenset()  # who of those signed in may work the alert desk, by name
    admins: frozenset[str] = frozenset()  # who may switch rules off as well
    people: Path | None = None  # a file that says who of those signed in is what
    public_names: frozenset[str] = frozenset()  # names under which a proxy or a network shows the cockpit
    deaf: str = "drop"  # samples of simulated phones without network: drop | later
    open_pages: bool = False  # beyond loopback: pages are for everybody, to read
    trust_emails: bool = False  # the provider never says whether an address of a mailbox is verified

    @property
    def demo(self) -> bool:
        """Whether time and feeds are played."""
        return self.mode == "demo"

    @property
    def exposed(self) -> bool:
        """Whether others than this machine reach the address: pages and API then want to know who asks."""
        return not is_loopback(self.host)


def settled(profile: str) -> str:
    """A profile as other processes may be told of it, which work elsewhere: what is no plain name is the path
    of a folder, and becomes absolute."""
    return profile if profile.isidentifier() else str(Path(profile).absolute())


def is_loopback(name: str) -> bool:
    """Whether a name or address is this machine's own to itself: `localhost`, 127.0.0.0/8 or ::1."""
    address = _address(name)
    return name.lower() == "localhost" if address is None else address.is_loopback


def in_address(host: str) -> str:
    """A name or address as it stands in a URL or a Host header: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


MODES = ("demo", "serve", "engine")
SIZES = ("district", "province", "region", "country")
DEAF = ("drop", "later")
_HOST_NAME = re.compile(
    r"[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?\.?|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\]?", re.ASCII
)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FLAGS = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


def from_env(env: Mapping[str, str] = os.environ) -> Config:
    """Read `COCKPIT_*`. Raises ConfigError naming the variable."""
    mode = _choice(env, "COCKPIT_MODE", "demo", MODES)
    return Config(
        mode=mode,
        data_dir=Path(env.get("COCKPIT_DATA_DIR", "var")).absolute(),
        host=env.get("COCKPIT_HOST", "127.0.0.1"),
        port=_int(env, "COCKPIT_PORT", 8501, 1, 65535),
        profile=settled(env.get("COCKPIT_PROFILE") or DEFAULT_PROFILE),
        seed=_int(env, "COCKPIT_SEED", 7, 0, 2**31 - 1),
        speed=_float(env, "COCKPIT_SPEED", 1.0, 1, 600),
        size=_choice(env, "COCKPIT_SIZE", "province", SIZES),
        start=env.get("COCKPIT_START", ""),
        history_days=_int(env, "COCKPIT_HISTORY", 30, 0, 400),
        simulator=env.get("COCKPIT_NO_SIMULATOR", "0") in ("", "0", "false", "False"),
        trusted_header=_header(env, "COCKPIT_TRUSTED_HEADER"),
        scenarios=tuple(env.get("COCKPIT_SCENARIO", "").replace(",", " ").split()),
        announce_to=_file(env, "COCKPIT_ANNOUNCE_TO"),
        channels=_readable(env, "COCKPIT_CHANNELS"),
        replay=env.get("COCKPIT_REPLAY", ""),
        operators=_names(env, "COCKPIT_OPERATORS"),
        admins=_names(env, "COCKPIT_ADMINS"),
        people=_readable(env, "COCKPIT_PEOPLE"),
        public_names=_hosts(env, "COCKPIT_PUBLIC_NAMES"),
        deaf=_choice(env, "COCKPIT_DEAF", "drop", DEAF),
        open_pages=_flag(env, "COCKPIT_OPEN_PAGES"),
        trust_emails=_flag(env, "COCKPIT_TRUST_EMAILS"),
    )


def _names(env: Mapping[str, str], name: str) -> frozenset[str]:
    """A list of people divided by commas, as the sign-in names them."""
    found = set()
    for part in env.get(name, "").split(","):
        if not part.strip():
            continue
        person = known_as(part)
        if person is None:
            raise ConfigError(f"{name}: {part.strip()!r} can be nobody's name, expected {EXPECTED}")
        found.add(person)
    return frozenset(found)


def _header(env: Mapping[str, str], name: str) -> str:
    found = env.get(name, "").strip()
    if found and not _TOKEN.fullmatch(found):
        raise ConfigError(f"{name}={found!r}: expected the name of one header, as X-Forwarded-User")
    return found


def _file(env: Mapping[str, str], name: str) -> Path | None:
    """A file that can be written, where one is named; it is made when there is something to write."""
    found = env.get(name, "").strip()
    if not found:
        return None
    path = Path(found).absolute()
    if path.is_dir() or not path.parent.is_dir():
        raise ConfigError(f"{name}={found!r}: expected a file in a directory that is there")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ConfigError(f"{name}={found!r}: it cannot be written; expected a file that can")
    return path


def _readable(env: Mapping[str, str], name: str) -> Path | None:
    """A file that can be read, where one is named."""
    found = env.get(name, "").strip()
    if not found:
        return None
    path = Path(found).absolute()
    if not path.is_file() or not os.access(path, os.R_OK):
        raise ConfigError(f"{name}={found!r}: expected a file that is there and can be read")
    return path


def _flag(env: Mapping[str, str], name: str) -> bool:
    found = env.get(name, "").strip().lower()
    if found not in _FLAGS:
        raise ConfigError(f"{name}={env[name]!r}: expected 1 or 0")
    return _FLAGS[found]


def _hosts(env: Mapping[str, str], name: str) -> frozenset[str]:
    """Names or addresses as browsers have them in their address line, without scheme, port and path."""
    found = {part.strip() for part in env.get(name, "").split(",") if part.strip()}
    for one in sorted(found):
        if not _HOST_NAME.fullmatch(one) or (":" in one and _address(one.strip("[]")) is None):
            raise ConfigError(
                f"{name}: found {one!r}, expected names or addresses divided by commas, without scheme and "
                "port, as cockpit.example.vn,10.0.0.7"
            )
    return frozenset(one.strip("[]").lower().removesuffix(".") for one in found)


def _choice(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    found = env.get(name, default)
    if found not in allowed:
        raise ConfigError(f"{name}={found!r}: expected one of {', '.join(allowed)}")
    return found


def _int(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    return int(_float(env, name, default, low, high, whole=True))


def _float(
    env: Mapping[str, str], name: str, default: float, low: float, high: float, *, whole: bool = False
) -> float:
    found = env.get(name, str(default))
    try:
        value = int(found) if whole else float(found)
    except ValueError:
        value = None
    if value is None or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise ConfigError(f"{name}={found!r}: expected {kind} from {low} to {high}")
    return value
