"""Which metrics of which kinds of devices have a model, and what a model needs to know of each device."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cockpit.domain.catalog import Asset, Metric
from cockpit.profiles import AssetKind, Profile
from cockpit.profiles.reader import NOTHING, Problems
from simulator import cameras, network
from simulator.signals import Signal

SIGNALS: dict[str, dict[str, Signal]] = {
    "camera": cameras.CAMERA,
    "recorder": cameras.RECORDER,
    "link": network.LINK,
    "site": network.SITE,
    "cell": network.CELL,
    "loudspeaker": network.LOUDSPEAKER,
}
"""Values with a life of their own, by kind and metric."""

STATES = {
    ("recorder", "cameras_connected"): "silent",
    ("recorder", "write_ok"): "disk",
    ("link", "up"): "down",
    ("site", "avail_pct"): "locked",
    ("site", "power_ok"): "mains",
    ("loudspeaker", "online"): "off",
}
"""Metrics that follow a state of the device, or of those behind it: the effect that they show."""

BOX = ("brightness_pct", "sharpness", "noise", "cast_pct", "view_pct", "clock_seen", "content_hash")
"""What an analytics box sends of a camera's picture, besides what every camera does."""

APART = ("system", "host")
"""Kinds whose figures come from elsewhere: from `simulator.systems`, from this computer itself."""

Signals = Callable[[str], Mapping[str, Signal]]


def check(profile: Profile, signals: Signals, problems: Problems) -> None:
    """Whether every device that is played has what its model is reckoned from."""
    for kind in profile.kinds:
        members = [a for a in profile.assets if a.kind == kind.code]
        of_kind = [m.code for m in profile.metrics if kind.code in m.kinds]
        played = [code for code in of_kind if _modelled(kind.code, code, signals)]
        if not members or not members[0].rhythm_s or not played:
            continue
        for key in ("source", "rhythm_s"):
            found = sorted({getattr(a, key) for a in members})
            if len(found) > 1:
                where = f"profile.toml [[kind]] {kind.code} key {key}"
                problems.add(where, found[:3], "one for all: simulated devices of a kind share it")
        for signal in (signals(kind.code)[code] for code in played if code in signals(kind.code)):
            if signal.of:
                _check_attribute(kind, members, signal, problems)


def _check_attribute(kind: AssetKind, members: list[Asset], signal: Signal, problems: Problems) -> None:
    """What a signal is a share of stands in a column of the kind's file."""
    known = dict(signal.shares)
    form = "text" if known else "number"
    if kind.attrs.get(signal.of) != form:
        where, found = f"profile.toml [[kind]] {kind.code} key attrs.{signal.of}", kind.attrs.get(signal.of)
        problems.add(where, found or NOTHING, f"{form}: the simulator reckons with it")
        return
    for asset in members if known else ():
        if asset.attrs[signal.of] not in known:
            where = f"assets/{kind.file} asset {asset.code}, column {signal.of}"
            problems.add(where, asset.attrs[signal.of], f"one of {', '.join(known)}")


def check_radio(profile: Profile, problems: Problems) -> None:
    """Whether the air can be reckoned: sites with a place, each of an operator."""
    sites = [a for a in profile.assets if a.kind == "site" and a.lat is not None]
    if not sites:
        expected = "a kind site with assets: samples of simulation.toml are of their signal"
        problems.add("profile.toml [[kind]]", NOTHING, expected)
    for site in sites:
        found = site.attrs.get("operator")
        if found not in profile.operators:
            where = f"assets/{profile.kind['site'].file} asset {site.code}, column operator"
            problems.add(where, found or NOTHING, f"a key of [operators]: {', '.join(profile.operators)}")


def unplayed(profile: Profile, signals: Signals) -> list[str]:
    """Metrics of devices that the simulator has no model for, as `kind metric`: nothing is sent of them."""
    sending = {a.kind for a in profile.assets if a.rhythm_s} - set(APART)
    return [
        f"{kind} {metric.code}"
        for metric in profile.metrics
        for kind in metric.kinds
        if kind in sending and not (_boxed(kind, metric) or _modelled(kind, metric.code, signals))
    ]


def _boxed(kind: str, metric: Metric) -> bool:
    return kind == "camera" and metric.only == "analytics" and metric.code in BOX


def _modelled(kind: str, metric: str, signals: Signals) -> bool:
    return metric in signals(kind) or (kind, metric) in STATES
