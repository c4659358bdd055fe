"""Fingerprints of what is played: SHA-256 by scenario, and of a whole day. As a module it renews them."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from cockpit.profiles import Profile, load
from simulator.play import Play
from simulator.produce import Recipe, blocks, joined
from simulator.scenario import cast, load_scenario, names

FILE = Path(__file__).with_name("golden.json")
MINUTES = 20
SEED = 7
DAY = "whole_day"
KNOWN: dict[str, str] = json.loads(FILE.read_text()) if FILE.exists() else {}
STORIES = [code for code in KNOWN if code != DAY]


def fingerprint(code: str, profile: Profile, play: Play) -> str:
    """Of the first minutes of a scenario."""
    story = load_scenario(code, profile)
    play.obey(cast([(story, story.start_ms)], profile, SEED))
    try:
        spans = play.stream(story.start_ms, story.start_ms + MINUTES * 60_000)
        return hashlib.sha256(b"".join(joined(lines) for lines in spans)).hexdigest()
    finally:
        play.obey(())


def day_fingerprint(jobs: int = 2) -> str:
    """Of 24 hours of a quiet province."""
    recipe = Recipe("quang_ninh", "province", SEED)
    start = load_scenario("quiet_day").start_ms
    digest = hashlib.sha256()
    for block in blocks(recipe, recipe.play(), start, start + 24 * 3_600_000, jobs):
        digest.update(block)
    return digest.hexdigest()


def main(day: bool) -> None:
    profile = load("quang_ninh", size="district")
    play = Play(profile, SEED)
    found = {code: fingerprint(code, profile, play) for code in names(profile)}
    found[DAY] = day_fingerprint() if day else KNOWN.get(DAY, "")
    FILE.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main("--day" in sys.argv[1:])
