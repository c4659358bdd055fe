"""Everything that goes wrong in a span of play: ordinary faults and episodes, with whom they reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.episodes import Episode
from simulator.kinds import KINDS, SOURCE
from simulator.play import Play
from simulator.transport import DELAYING, REPEAT_MS, size_ms

NAMES = {
    "camera_blip": "camera_silent", "camera_short": "camera_silent", "camera_out": "camera_silent",
    "recorder_restart": "recorder_silent", "disk_fault": "recorder_write", "site_down": "site_silent",
    "mains_out": "power_loss", "cell_locked": "site_degraded", "speaker_off": "loudspeaker_off",
    "speaker_silent": "loudspeaker_silent",
}  # fmt: skip
"""Ordinary faults by the names of kinds. A loudspeaker that says it is off is known of and nobody's fault."""

CYCLIC = ("reboot_loop", "link_flap")
"""Kinds that come and go: a fault anew each time."""

MORE = ("flood", "duplicates")
"""Kinds that take nothing from what a feed's devices say."""

_WHOLE = ("feeder_out", "hidden_hop", "link_flap", "reboot_loop", "commission", "antenna_tilt", "power_loss")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault. `roots` are the assets struck directly, `spans` when each of these is silent, `affected` the
    codes at and below the cause. `end`: first instant at which nothing of it is left."""

    id: str
    kind: str
    cause: str
    onset: int
    end: int
    roots: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]  # asset, from, until
    affected: tuple[str, ...]
    scenario: str = ""
    episode: Episode | None = None


def troubles(play: Play, start: int, end: int) -> list[Trouble]:
    """Whatever touches [start, end), by onset."""
    found = [*_ordinary(play, start, end), *_episodes(play, start, end)]
    return sorted(found, key=lambda t: (t.onset, t.id))


def _ordinary(play: Play, start: int, end: int) -> Iterator[Trouble]:
    faults, assets = play.world.faults, play.profile.assets
    for name, effect, index, onset, until in faults.roots(start, end):
        silent = effect == "silent"
        below = faults.below(index) if silent else [index]
        yield Trouble(
            id=f"ordinary:{name}:{assets[index].code}:{onset}",
            kind=NAMES[name],
            cause=assets[index].code,
            onset=onset,
            end=until,
            roots=(index,),
            spans=((index, onset, until),) if silent else (),
            affected=tuple(sorted(assets[i].code for i in below)),
        )


def _episodes(play: Play, start: int, end: int) -> Iterator[Trouble]:
    world = play.world
    for episode in world.episodes:
        before_life = episode.kind == "commission"
        last = max(world.outages.last_ms(episode), episode.end_ms + on_the_way_ms(episode))
        onset = 0 if before_life else episode.start_ms
        if onset >= end or (episode.start_ms if before_life else last) <= start:
            continue
        # Phases of what comes and goes are worked out for the span alone.
        low, high = (start, end) if episode.kind in CYCLIC else (0, 1 << 61)
        spans = [s for s in world.outages.spans((episode,), low, high) if s.effect == "silent"]
        roots = () if episode.unit else tuple(world.struck(episode))
        until = max([episode.end_ms + on_the_way_ms(episode), *(s.end for s in spans)])
        yield Trouble(
            id=episode.id,
            kind=episode.kind,
            cause=episode.subject,
            onset=start if before_life else episode.start_ms,
            end=episode.start_ms if before_life else until,
            roots=roots,
            spans=tuple((s.asset, s.start, s.end) for s in spans if s.asset in roots),
            affected=_affected(play, episode, roots),
            scenario=episode.scenario,
            episode=episode,
        )


def _affected(play: Play, episode: Episode, roots: tuple[int, ...]) -> tuple[str, ...]:
    """Codes that a fault reaches. A feed reaches its devices and the indicators it feeds; a crowd or a storm
    nobody: what it brings about is real, and counts by itself."""
    profile = play.profile
    source = profile.source.get(episode.subject)
    if source is not None and episode.kind in MORE:
        return (source.code,)  # what devices say arrives all the same
    if source is not None:
        devices = {a.code for a in profile.assets if a.source == source.code}
        return tuple(sorted({source.code, *devices, *source.feeds}))
    found = set(roots)
    if KINDS[episode.kind].group == "silence" or episode.kind in _WHOLE:
        found = {i for root in roots for i in play.world.faults.below(root)}
    return tuple(sorted(profile.assets[i].code for i in found))


def on_the_way_ms(episode: Episode) -> int:
    """How long after its end events that it held back still arrive."""
    if episode.kind in DELAYING:
        return size_ms(episode)
    return REPEAT_MS[1] if episode.kind == "duplicates" else 0


def strikes_feed(trouble: Trouble) -> bool:
    """Whether a whole feed is struck, not one device."""
    return trouble.episode is not None and SOURCE in KINDS[trouble.kind].on
