"""Handing a notice over: through apprise, or as Alertmanager does. What goes wrong is told by a code alone:
what servers answer, and the address itself, may hold a secret."""

from __future__ import annotations

import base64
import http.client
import logging
import ssl
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from cockpit.engine.notices.channel import PREFIX, Channel

TIMEOUT_S = 10.0
POSTABLE = "/api/v2/alerts"
STANDS = timedelta(days=365)
"""The end of the path of an Alertmanager itself, which takes alerts and not notices of them."""


class Undelivered(Exception):
    """It did not arrive, or nobody can tell. The code says why: bad_url, refused, unreachable, late,
    status_…"""


def known(url: str) -> bool:
    """Whether apprise can tell somebody at an address."""
    return _apprise(url) is not None


def ring(channel: Channel, notice_id: str, body: dict[str, Any]) -> None:
    """Tell it. `body` as `text.compose` makes it. Raises Undelivered."""
    if channel.url.startswith(PREFIX):
        _post(channel.url.removeprefix(PREFIX), channel.name, notice_id, body)
        return
    bell = _apprise(channel.url)
    if bell is None:
        raise Undelivered("bad_url")
    try:
        arrived = bell.notify(title=body["title"], body=body["text"], notify_type=body["type"])
    except Exception:
        raise Undelivered("refused") from None  # nothing of it: it may name the address
    if not arrived:
        raise Undelivered("refused")


def _apprise(url: str) -> Any:
    """The service behind an address, None where there is none. It is called here and now: apprise itself
    calls from a few workers, where channels would wait for each other, and a process that ends for them."""
    import apprise

    quiet = logging.getLogger("apprise")
    quiet.propagate = False  # it writes parts of addresses and answers
    if not quiet.handlers:
        quiet.addHandler(logging.NullHandler())
    try:
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    except Exception:
        return None
    if service is not None:
        service.notify_format = apprise.NotifyFormat.TEXT
    return service


def _lasting(alert: dict[str, Any]) -> dict[str, Any]:
    """As Alertmanager itself takes alerts: one that ends at no time is over after five minutes there, so what
    stands ends a year after it began, unless it is told as over before."""
    if alert["status"] != "firing":
        return alert
    began = datetime.fromisoformat(alert["startsAt"])
    return alert | {"endsAt": (began + STANDS).isoformat()}


def _post(url: str, name: str, notice_id: str, body: dict[str, Any]) -> None:
    parts = urlsplit(url)
    made: Any = webhook(name, notice_id, body)
    if parts.path.endswith(POSTABLE):
        made = [_lasting(one) for one in made["alerts"]]
    headers = {"Content-Type": "application/json", "Idempotency-Key": notice_id, "Connection": "close"}
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    host = parts.hostname or ""
    conn = (
        http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        conn.request("POST", path, msgspec.json.encode(made), headers)
        status = conn.getresponse().status
    except TimeoutError:
        raise Undelivered("late") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Undelivered("unreachable") from None
    finally:
        conn.close()
    if not 200 <= status < 300:
        raise Undelivered(f"status_{status}")


def webhook(name: str, notice_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The payload of Alertmanager's webhook, version 4, with one group an alert."""
    alerts = [
        {
            "status": one["status"],
            "labels": one["labels"],
            "annotations": one["annotations"] | {"notice": notice_id},
            "startsAt": one["starts"],
            "endsAt": one["ends"],
            "generatorURL": "",
            "fingerprint": one["fingerprint"],
        }
        for one in body["alerts"]
    ]
    labels = [one["labels"] for one in alerts]
    notes = [one["annotations"] for one in alerts]
    common = _common(labels)
    return {
        "version": "4",
        "groupKey": f'{{}}:{{fingerprint="{alerts[0]["fingerprint"] if len(alerts) == 1 else notice_id}"}}',
        "truncatedAlerts": body.get("left_out", 0),
        "status": "resolved" if all(one["status"] == "resolved" for one in alerts) else "firing",
        "receiver": name,
        "groupLabels": {key: common[key] for key in ("alertname",) if key in common},
        "commonLabels": common,
        "commonAnnotations": _common(notes),
        "externalURL": "",
        "alerts": alerts,
    }


def _common(maps: list[dict[str, str]]) -> dict[str, str]:
    return {k: v for k, v in maps[0].items() if all(m.get(k) == v for m in maps)} if maps else {}
