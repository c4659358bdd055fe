"""Alerts as Prometheus posts them to an Alertmanager: `POST /api/v2/alerts`, an array of objects.

What is wrong with one alert refuses that one; the others are taken, as an Alertmanager does. Shapes and rules
are those of its API v2 (api/v2/openapi.yaml, api.go): at least one label, names of labels (in UTF-8, as from
0.27 on), a beginning before the end, `0001-01-01T00:00:00Z` for no instant. An empty label is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from cockpit.domain.incoming import Sent
from cockpit.domain.instants import NotAnInstant, parse
from cockpit.domain.text import REFUSED

MAX_ALERTS = 10_000
MAX_LABELS = 64
"""Labels of one alert, and annotations of it."""
MAX_NAME, MAX_VALUE = 256, 2_048
"""Signs of a label."""
MAX_TEXT = 4_000
"""Signs of an annotation or of the address of what made it: the rest is cut off."""
MAX_SIGNS = 24_000
"""Signs of one alert together, after annotations are cut."""
TOLD = 5
"""Reasons that an answer names."""

_LINE = frozenset("\t\r\n")
"""What no name may hold besides."""
_NEVER = "0001-01-01T00:00:00"


class Posted(msgspec.Struct):
    """An alert of another system, as Prometheus has it. All its labels are what it is. Without `endsAt` it
    holds for five minutes; with one that is past it is over. Other members are ignored."""

    labels: dict[str, str]
    annotations: dict[str, str] = {}
    startsAt: str = ""
    endsAt: str = ""
    generatorURL: str = ""


class NotAlerts(Exception):
    """A body that is no array of alerts, or has too many: all of it is refused."""


class _Wrong(Exception):
    pass


@dataclass(slots=True)
class Parsed:
    """Those that are fit to be stored, and what is wrong with the others, by place."""

    alerts: list[Sent] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def reason(self) -> str:
        """What is wrong in a sentence, "" where nothing is."""
        more = len(self.wrong) - TOLD
        return "; ".join(self.wrong[:TOLD]) + (f"; and {more} more" if more > 0 else "")


def parse_alerts(body: bytes, now: int) -> Parsed:
    """The alerts of a body that came in at `now` (ms of real time). Raises NotAlerts."""
    try:
        items = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotAlerts(f"parsing alerts body failed: {str(error)[:200]}") from None
    if len(items) > MAX_ALERTS:
        raise NotAlerts(f"the body holds {len(items)} alerts, expected at most {MAX_ALERTS}")
    found = Parsed()
    for i, item in enumerate(items):
        try:
            found.alerts.append(_sent(msgspec.json.decode(item, type=Posted), now))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, _Wrong) as error:
            found.wrong.append(f"alert {i}: {str(error)[:200]}")
    return found


def _sent(posted: Posted, now: int) -> Sent:
    labels = {name: posted.labels[name] for name in sorted(posted.labels) if posted.labels[name]}
    if not labels:
        raise _Wrong("at least one label pair required")
    for what, pairs in (("labels", labels), ("annotations", posted.annotations)):
        if len(pairs) > MAX_LABELS:
            raise _Wrong(f"{len(pairs)} {what}, expected at most {MAX_LABELS}")
        for name in pairs:
            if not 1 <= len(name) <= MAX_NAME or REFUSED.search(name) or not _LINE.isdisjoint(name):
                raise _Wrong(
                    f"name {name[:60]!r} in {what}: expected 1 to {MAX_NAME} signs, none that controls"
                )
    for name, value in labels.items():
        if len(value) > MAX_VALUE or REFUSED.search(value):
            raise _Wrong(f"label {name}: expected at most {MAX_VALUE} signs, none that controls")
    annotations = {name: _text(posted.annotations[name]) for name in sorted(posted.annotations)}
    annotations = {name: value for name, value in annotations.items() if value}
    signs = sum(len(n) + len(v) for pairs in (labels, annotations) for n, v in pairs.items())
    if signs > MAX_SIGNS:
        raise _Wrong(f"{signs} signs of labels and annotations, expected at most {MAX_SIGNS}")
    starts, ends = _instant("startsAt", posted.startsAt), _instant("endsAt", posted.endsAt)
    if starts is None:
        starts = now if ends is None else min(ends, now)
    if ends is not None and ends < starts:
        raise _Wrong("start time must be before end time")
    return Sent(labels, annotations, _text(posted.generatorURL), min(starts, now), ends)


def _text(text: str) -> str:
    """What may be shown, cut to what is kept."""
    return REFUSED.sub(" ", text[:MAX_TEXT]).strip()


def _instant(name: str, text: str) -> int | None:
    if not text or text.startswith(_NEVER):
        return None
    try:
        return parse(text)
    except NotAnInstant as error:
        raise _Wrong(f"{name} {error}") from None
