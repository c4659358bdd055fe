"""The code that opens a demo to those who come from another machine.

It is made at the start and printed there. Who has typed it once carries a token of the browser's
session; the cockpit keeps the hashes of those, and forgets all at its end.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import cache

from cockpit.clock import RealClock

PATH = "/login"
"""Where the code is asked for."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Signs that are not taken for one another."""
LENGTH = 8
MAX_TOKENS = 1_000
SPAN_S = 60.0
MAX_WRONG = 10
"""Wrong codes within SPAN_S of one address."""
MAX_WRONG_ALL = 200
"""Wrong codes within SPAN_S of all addresses."""


class Wait(Exception):
    """Too many wrong codes: `seconds` until the next one is looked at."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many wrong codes, wait {seconds:.0f} s")
        self.seconds = seconds


class Entry:
    """The code, the wrong ones of the last minute, and who has entered."""

    def __init__(self, monotonic: Callable[[], float] | None = None) -> None:
        self._code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        self._monotonic = monotonic or RealClock().monotonic
        self._wrong: deque[tuple[float, str]] = deque(maxlen=MAX_WRONG_ALL)
        self._tokens: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def code(self) -> str:
        """As it is printed: in two groups."""
        half = LENGTH // 2
        return f"{self._code[:half]}-{self._code[half:]}"

    def enter(self, given: str, address: str) -> str | None:
        """A new token where the code is right; small letters, spaces and dashes do not matter. Raises Wait
        after too many wrong codes, whether this one is right or not."""
        with self._lock:
            now = self._monotonic()
            while self._wrong and now - self._wrong[0][0] >= SPAN_S:
                self._wrong.popleft()
            mine = [at for at, who in self._wrong if who == address]
            for tries, most in ((mine, MAX_WRONG), ([at for at, _ in self._wrong], MAX_WRONG_ALL)):
                if len(tries) >= most:
                    raise Wait(max(1.0, tries[-most] + SPAN_S - now))
            typed = "".join(sign for sign in given[:64].upper() if sign.isalnum())
            if not hmac.compare_digest(typed.encode("utf-8", "replace"), self._code.encode()):
                self._wrong.append((now, address))
                return None
            token = secrets.token_urlsafe(32)
            self._tokens[_digest(token)] = None
            while len(self._tokens) > MAX_TOKENS:
                self._tokens.popitem(last=False)
            return token

    def known(self, token: str | None) -> bool:
        """Whether this token was given out here."""
        if not token:
            return False
        with self._lock:
            return _digest(token) in self._tokens


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def cookie(port: int) -> str:
    """The cookie that holds the token. Browsers do not part cookies by port, so its name does."""
    return f"cockpit_{port}"


@cache
def current() -> Entry:
    """The one of this process."""
    return Entry()
