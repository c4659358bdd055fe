"""Every kind of fault that can be played: what it strikes, how strong it is by itself, and its usual length.

Names and explanations are in the words catalogues under `fault.<kind>`. What a kind does to events stands in
`simulator.effects` (values), `simulator.outages` (silence) and `simulator.transport` (the way to the door).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["silence", "value", "transport", "event"]
"""Nothing comes; what comes is wrong or bad; it comes in a wrong way; something happens to people and air."""

SENDING = ("camera", "recorder", "link", "site", "cell", "loudspeaker")
"""Asset kinds that send observations in a rhythm of their own."""

SOURCE = "source"
"""Stands in `Kind.on` for a feed as a whole; the subject is the code of a source."""

UNIT = "unit"
"""Stands in `Kind.on` for something that comes over a unit; the subject is "hidden:KIND:UNIT"."""

HOUR = 3600

MOST = 20
"""A fault that is staged is at most so many times as strong as its kind is by itself."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. `size` is its default strength in `unit` ("" where it has none); lengths in
    seconds, a default for orders without one."""

    code: str
    on: tuple[str, ...]  # asset kinds, or SOURCE, or UNIT
    group: Group
    size: float = 0.0
    unit: str = ""
    ramp_s: int = 0
    hold_s: int = 1800
    recovery_s: int = 0


def _kinds() -> tuple[Kind, ...]:
    camera, recorder, link, site, cell, loud = (
        ("camera",), ("recorder",), ("link",), ("site",), ("cell",), ("loudspeaker",)
    )  # fmt: skip
    feed, any_or_feed = (SOURCE,), (*SENDING, SOURCE)
    return (
        Kind("camera_silent", camera, "silence"),
        Kind("camera_loss", camera, "value", 12.0, "%", 60, 1800, 60),
        Kind("camera_slow", camera, "value", 6.0, "1/s", 60, 1800, 60),
        Kind("camera_frozen", camera, "value"),
        Kind("camera_black", camera, "value"),
        Kind("camera_covered", camera, "value", 0.9, "share", 5),
        Kind("camera_blurred", camera, "value", 0.8, "share", 600, 3 * HOUR, 0),
        Kind("camera_moved", camera, "value", 0.35, "share", 3, 2 * HOUR, 0),
        Kind("camera_noise", camera, "value", 0.8, "share", 300, 2 * HOUR, 300),
        Kind("camera_colour", camera, "value", 0.8, "share", 0, 2 * HOUR, 0),
        Kind("camera_clock", camera, "value", hold_s=6 * HOUR),
        Kind("recorder_silent", recorder, "silence"),
        Kind("recorder_write", recorder, "value"),
        Kind("recorder_disk", recorder, "value", 2.0, "%", HOUR, 3 * HOUR, 600),
        Kind("link_silent", link, "silence"),
        Kind("link_flap", link, "value", 600.0, "s", 0, 2 * HOUR, 0),
        Kind("link_busy", link, "value", 97.0, "%", 600, 2 * HOUR, 600),
        Kind("feeder_out", ("feeder",), "silence", hold_s=2 * HOUR),
        Kind("site_silent", site, "silence", hold_s=HOUR),
        Kind("power_loss", site, "value", hold_s=HOUR),
        Kind("site_degraded", site, "value", 66.67, "%", 0, HOUR, 0),
        Kind("site_hot", site, "value", 52.0, "Cel", 1800, 2 * HOUR, 1800),
        Kind("antenna_tilt", site, "value", 14.0, "dB", 2 * HOUR, 12 * HOUR, 0),
        Kind("cell_busy", cell, "value", 97.0, "%", 900, 2 * HOUR, 900),
        Kind("cell_drops", cell, "value", 9.0, "%", 900, 2 * HOUR, 900),
        Kind("loudspeaker_silent", loud, "silence", hold_s=2 * HOUR),
        Kind("loudspeaker_quiet", loud, "value", 50.0, "dB", 0, 4 * HOUR, 0),
        Kind("source_silent", feed, "silence", hold_s=2 * HOUR),
        Kind("source_late", feed, "transport", 1500.0, "s", 0, 2 * HOUR, 0),
        Kind("duplicates", feed, "transport", 1.0, "share", 0, HOUR, 0),
        Kind("flood", feed, "transport", 8.0, "x", 0, 1200, 0),
        Kind("trickle", feed, "transport", 0.35, "share", 0, 2 * HOUR, 0),
        Kind("half_batch", feed, "transport", 0.5, "share", 0, HOUR, 0),
        Kind("out_of_order", feed, "transport", 240.0, "s", 0, HOUR, 0),
        Kind("schema_change", feed, "transport", hold_s=2 * HOUR),
        Kind("clock_skew", any_or_feed, "transport", 3600.0, "s", 0, 6 * HOUR, 0),
        Kind("time_zone", any_or_feed, "transport", -25200.0, "s", 0, 6 * HOUR, 0),
        Kind("stuck", any_or_feed, "value", hold_s=6 * HOUR),
        Kind("spike", any_or_feed, "value", 3.0, "x", 0, HOUR, 0),
        Kind("drift", any_or_feed, "value", 1.5, "x", 4 * HOUR, 2 * HOUR, 0),
        Kind("unit_mixup", ("camera", "recorder", "link", "site", "cell", SOURCE), "value", hold_s=6 * HOUR),
        Kind("reboot_loop", SENDING, "silence", 300.0, "s", 0, 2 * HOUR, 0),
        Kind("hidden_hop", site, "silence", hold_s=HOUR),
        Kind("commission", SENDING, "silence", hold_s=HOUR),
        Kind("crowd", (UNIT,), "event", 1.0, "share", HOUR, 3 * HOUR, HOUR),
        Kind("storm", (UNIT,), "event", 1.0, "share", HOUR, 2 * HOUR, HOUR),
        Kind("new_site", (UNIT,), "event", hold_s=24 * HOUR),
    )


KINDS: dict[str, Kind] = {kind.code: kind for kind in _kinds()}
"""By code, in the order in which they are listed to people."""


def own_size(kind: str, utc_offset_s: int) -> float:
    """The strength of a kind in a province of this zone, 0 where it is what the kind has by itself: a device
    that forgot its zone is as far behind as the zone is ahead."""
    size = -float(utc_offset_s) if kind == "time_zone" else 0.0
    return 0.0 if size == KINDS[kind].size else size


_SILENT = {
    "camera": "camera_silent", "recorder": "recorder_silent", "link": "link_silent", "feeder": "feeder_out",
    "site": "site_silent", "cell": "site_silent", "loudspeaker": "loudspeaker_silent",
}  # fmt: skip


def resolve(kind: str, asset_kind: str) -> str:
    """The kind an order means: "silent" is the silence of whatever it names. KeyError for an unknown one."""
    if kind == "silent":
        return _SILENT.get(asset_kind, "source_silent")
    return KINDS[kind].code
