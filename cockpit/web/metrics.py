"""/metrics in Prometheus' text format 0.0.4."""

from __future__ import annotations

from cockpit.parts import Parts
from cockpit.web.broken import broken

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Samples = dict[tuple[tuple[str, str], ...], float]


def _family(name: str, kind: str, help_: str, samples: Samples) -> str:
    lines = [f"# HELP {name} {help_}", f"# TYPE {name} {kind}"]
    for labels, value in samples.items():
        inner = ",".join(f'{key}="{_escape(text)}"' for key, text in labels)
        lines.append(f"{name}{{{inner}}} {value:.17g}" if inner else f"{name} {value:.17g}")
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _one(value: float | None) -> Samples:
    return {} if value is None else {(): value}


def render(cockpit: Parts, tick_age_s: float | None) -> str:
    """All families. One that this process cannot know has no sample rather than a made-up one."""
    stats = cockpit.store.stats()
    counters = cockpit.door.counters
    events: Samples = {
        (("source", source), ("outcome", outcome)): float(n)
        for (source, outcome), n in sorted(counters.events().items())
    }
    lag, speed = None, 1.0
    if cockpit.demo is not None:
        state = cockpit.demo.clock.state()
        lag, speed = max(0, state.wish_ms - state.watermark_ms) / 1000, state.reached
    tick_s = cockpit.engine.last_tick_s if cockpit.engine is not None else None
    bad: Samples = {(("code", code),): float(n) for code, n in sorted(broken.totals().items())}
    waiting = stats.queue_observations
    families: list[tuple[str, str, str, Samples]] = [
        ("events_total", "counter", "Events by source and what became of them.", events),
        ("observations_total", "counter", "New observations.", _one(counters.observations)),
        ("queue_observations", "gauge", "Observations that wait for the writer.", _one(waiting)),
        ("tick_age_seconds", "gauge", "Since the engine's last tick.", _one(tick_age_s)),
        ("tick_seconds", "gauge", "How long the last tick took.", _one(tick_s)),
        ("database_bytes", "gauge", "Size of the database file.", _one(stats.database_bytes)),
        ("wal_bytes", "gauge", "Size of the write-ahead log.", _one(stats.wal_bytes)),
        ("bytes_written_total", "counter", "Bytes this process has written.", _one(stats.bytes_written)),
        ("watermark_lag_seconds", "gauge", "Domain time the simulator is behind the wish.", _one(lag)),
        ("clock_speed", "gauge", "Reached speed of domain time.", _one(speed)),
        ("bad_requests_total", "counter", "Requests and connections refused at the door.", bad),
    ]
    return "".join(_family(f"cockpit_{name}", kind, help_, found) for name, kind, help_, found in families)
