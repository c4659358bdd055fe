"""This clone against another revision of itself: `cockpit bench compare --base REV ingest|pages|screen`.

Both sides run as whole servers, each from its own files with its own environment, a new data directory and a
free port; both get the same load from this clone's generator. They are measured in turn and never at the same
time, the one that begins changing from pair to pair, so that what the machine does meanwhile falls on both. A
ratio is that of a pair, this clone's figure over the base's; the median of all pairs counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from cockpit import ROOT
from cockpit.bench import ingest, pages, processes, province, revision, screen
from cockpit.bench.bodies import LoadError, cameras_of, catalogue_of
from cockpit.bench.client import send

T = TypeVar("T")
Progress = Callable[[str], None]
Figures = dict[str, float]
Better = Literal["more", "less"]

CACHE = ROOT / "build" / "compare"
BUDGET_S = 45.0
"""Pairs begin as long as they are likely to end within this; the first one in any case."""

PACKED, SINGLE = 160, 240
FILL_S = 60.0
REST_S = 10.0
ALERTED_S = 180.0
ALL = "all pages"
PAGE_FIGURES = ("cpu_ms", "refresh_cpu_ms")

LEAST_INGEST = 0.97
"""Noise of a quiet machine; the same for CPU, the other way round."""
MILESTONE = "e3124b6"
"""The revision that the promises below look back to. Another base is held to its own speed, within noise."""
LEAST_SINGLE = 1.8
"""Against the milestone: values a second of events that come one by one."""
MOST_SCREEN = {
    "home content": 0.45, "alerts content": 0.24, "home usable": 0.75, "alerts usable": 0.6,
    "change of page": 0.85,
}  # fmt: skip
"""Against the milestone: seconds to content and use, by the beginning of a figure's name."""
MOST_PAGES = 1.1
"""All pages together. A single one is noisier: `growth` of the promises, and more than their slack."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: "here" or "base"."""

    name: str
    program: processes.Program

    @contextlib.contextmanager
    def serve(self, directory: Path) -> Iterator[processes.Running]:
        """This side on a new data directory, ready."""
        with processes.running("serve", directory, program=self.program) as cockpit:
            yield cockpit


Sides = tuple[Side, Side]
Measure = Callable[[Side, Path], Figures]
"""Starts a side on an empty directory, measures it and ends it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be compared. `prepare` looks at both sides and returns what measures one of them with a load
    that both understand; more of these figures is better where their name ends in one of `more`."""

    prepare: Callable[[Sides, Path, Progress], Measure]
    broken: Callable[[dict[str, Any]], list[str]]
    more: tuple[str, ...] = ()

    def better(self, figure: str) -> Better:
        return "more" if figure.endswith(self.more or ("\0",)) else "less"


def compare(
    base: str, what: str, *, rounds: int | None, progress: Progress, cache: Path = CACHE
) -> dict[str, Any]:
    """Compare and return what `--json` prints. Without `rounds` as many pairs as BUDGET_S holds.

    Raises RevisionError, StartError, LoadError."""
    subject = SUBJECTS[what]
    commit = revision.commit_of(ROOT, base)
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-compare-") as directory,
        revision.checked_out(ROOT, commit, Path(directory)) as clone,
    ):
        scratch = Path(directory)
        python = revision.environment(clone, cache / revision.short(commit), progress)
        sides = Side("base", processes.Program(clone, python)), Side("here", processes.HERE)
        began = time.monotonic()
        progress("starting both once")
        measure = subject.prepare(sides, scratch, progress)
        pairs: list[dict[str, Figures]] = []
        while another(pairs, rounds, time.monotonic() - began):
            pair: dict[str, Figures] = {}
            for side in sides if len(pairs) % 2 == 0 else sides[::-1]:
                progress(f"pair {len(pairs) + 1}: {side.name}")
                pair[side.name] = measure(side, scratch / f"{side.name}-{len(pairs)}")
            pairs.append(pair)
    return {
        "what": what,
        "base": {"asked": base, "commit": commit},
        "here": {"commit": revision.commit_of(ROOT, "HEAD"), "changed": revision.changed(ROOT)},
        "rounds": len(pairs),
        "figures": figures_of(pairs, subject.better),
        "machine": processes.machine(),
    }


def another(pairs: list[dict[str, Figures]], rounds: int | None, spent_s: float) -> bool:
    """Whether one more pair is to be measured. What came before the first one counts as part of them."""
    if rounds is not None:
        return len(pairs) < rounds
    return not pairs or spent_s * (len(pairs) + 1) / len(pairs) <= BUDGET_S


def figures_of(pairs: list[dict[str, Figures]], better: Callable[[str], Better]) -> dict[str, dict[str, Any]]:
    """Of each figure the medians of both sides and of the ratios, and the ratios' least and most. A pair in
    which the base's figure is 0 has no ratio."""
    found: dict[str, dict[str, Any]] = {}
    for name in pairs[0]["base"]:
        sides = {side: [pair[side][name] for pair in pairs] for side in ("base", "here")}
        ratios = [here / base for here, base in zip(sides["here"], sides["base"], strict=True) if base]
        found[name] = {
            "base": round(statistics.median(sides["base"]), 2),
            "here": round(statistics.median(sides["here"]), 2),
            "ratio": round(statistics.median(ratios), 3) if ratios else None,
            "least": round(min(ratios), 3) if ratios else None,
            "most": round(max(ratios), 3) if ratios else None,
            "better": better(name),
        }
    return found


def _catalogues(sides: Sides, scratch: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both sides know, base first. They start side by side: nothing is measured yet, and whatever is
    done only at a first start is done."""
    with contextlib.ExitStack() as stack:
        started = []
        for side in sides:
            cockpit = processes.start("serve", scratch / f"{side.name}-first", program=side.program)
            stack.callback(cockpit.stop)
            started.append(cockpit)
        for cockpit in started:
            cockpit.wait_ready(120)
        base, here = map(catalogue_of, started)
    return base, here


def _prepare_ingest(sides: Sides, scratch: Path, progress: Progress) -> Measure:
    """Values a second to the commit and CPU a value, by packed and by single events."""
    base, here = map(cameras_of, _catalogues(sides, scratch))
    cameras = here & base

    def measure(side: Side, directory: Path) -> Figures:
        with side.serve(directory) as cockpit:
            found = ingest.phases(cockpit, cameras, singles=SINGLE, packs=PACKED, progress=progress)
        return {
            f"{name} {figure}": phase.shown[figure]
            for name, phase in (("packed", found.packed), ("single", found.single))
            for figure in ("per_second", "cpu_us_per_value")
        }

    return measure


def _prepare_pages(sides: Sides, scratch: Path, progress: Progress) -> Measure:
    """CPU of every page that both have, for its script and for a refresh, while a province sends."""
    base, here = _catalogues(sides, scratch)
    both = province.province_of(here, base)
    known = set(pages.page_names(sides[0].program.root))
    # The page of the simulator has nothing to show where nothing is simulated.
    names = [name for name in pages.page_names() if name in known and name != "simulator"]

    def measure(side: Side, directory: Path) -> Figures:
        with side.serve(directory) as cockpit:
            token = cockpit.token(*both.sources)
            progress(f"{len(both.senders)} assets send")
            costs, errors = asyncio.run(
                _sending(cockpit, token, both, lambda: pages.measure_pages(cockpit, names))
            )
        if errors:
            raise LoadError(f"a page of {side.name} showed an error: {errors[0]}")
        found: Figures = {}
        for page in (*names, ALL):
            for figure in PAGE_FIGURES:
                of = names if page == ALL else [page]
                found[f"{page} {figure}"] = round(sum(getattr(costs[name], figure) for name in of), 1)
        return found

    return measure


def _prepare_screen(sides: Sides, scratch: Path, progress: Progress) -> Measure:
    """Seconds to content and use in a browser, while a province sends of which a part is ill."""
    base, here = _catalogues(sides, scratch)
    both = province.province_of(here, base)

    def measure(side: Side, directory: Path) -> Figures:
        with side.serve(directory) as cockpit:
            token = cockpit.token(*both.sources)

            def looked_at() -> Figures:
                alerted(cockpit)
                return screen.looked_at(cockpit.address)

            found = asyncio.run(_sending(cockpit, token, both, lambda: asyncio.to_thread(looked_at)))
        return {name: round(seconds, 3) for name, seconds in found.items()}

    return measure


def alerted(cockpit: processes.Running) -> None:
    """Wait until some of what is ill has been found. Raises LoadError."""
    end = time.monotonic() + ALERTED_S
    while time.monotonic() < end:
        status, body = cockpit.get("/api/v1/alerts?state=open&limit=1")
        if status == 200 and json.loads(body)["alerts"]:
            return
        time.sleep(0.5)
    raise LoadError(f"no alert after {ALERTED_S:.0f} s of a province of which a part is ill")


async def _sending(
    cockpit: processes.Running, token: str, both: province.Province, work: Callable[[], Awaitable[T]]
) -> T:
    """Bring in the past, go on sending, and do a piece of work meanwhile."""
    now_s = int(time.time())
    await send(cockpit.port, token, province.bodies(province.past(both, now_s)), seconds=FILL_S)
    goes_on = asyncio.create_task(province.go_on(cockpit.port, token, both, now_s))
    try:
        await asyncio.to_thread(cockpit.rest, REST_S)
        found = await work()
        if goes_on.done():
            await goes_on  # tells why
        return found
    finally:
        goes_on.cancel()
        await asyncio.gather(goes_on, return_exceptions=True)


def _against_milestone(result: dict[str, Any]) -> bool:
    return str(result["base"]["commit"]).startswith(MILESTONE)


def _broken_ingest(result: dict[str, Any]) -> list[str]:
    out = []
    singles = LEAST_SINGLE if _against_milestone(result) else LEAST_INGEST
    for name, figure in result["figures"].items():
        ratio, more = figure["ratio"], figure["better"] == "more"
        least = singles if name == "single per_second" else LEAST_INGEST
        if ratio is not None and (ratio < least if more else ratio > 1 / LEAST_INGEST):
            limit = f"at least {least}" if more else f"at most {1 / LEAST_INGEST:.2f}"
            out.append(f"{name}: {ratio} of the base's, expected {limit}")
    return out


def _broken_pages(result: dict[str, Any]) -> list[str]:
    out = []
    for name, figure in result["figures"].items():
        if (ratio := figure["ratio"]) is None:
            continue
        whole = name.startswith(ALL)
        limit = MOST_PAGES if whole else pages.LIMITS["growth"]
        if ratio > limit and (whole or figure["here"] - figure["base"] > pages.SLACK_MS):
            out.append(f"{name}: {ratio} of the base's, expected at most {limit}")
    return out


def _broken_screen(result: dict[str, Any]) -> list[str]:
    out = []
    for name, figure in result["figures"].items():
        promised = (most for begin, most in MOST_SCREEN.items() if name.startswith(begin))
        limit = next(promised, None) if _against_milestone(result) else pages.LIMITS["growth"]
        if limit is not None and figure["ratio"] is not None and figure["ratio"] > limit:
            out.append(f"{name}: {figure['ratio']} of the base's, expected at most {limit}")
    return out


def over_limits(result: dict[str, Any]) -> list[str]:
    """Where this clone is worse than the base beyond noise, one line each."""
    return SUBJECTS[result["what"]].broken(result)


SUBJECTS = {
    "ingest": Subject(_prepare_ingest, _broken_ingest, more=("per_second",)),
    "pages": Subject(_prepare_pages, _broken_pages),
    "screen": Subject(_prepare_screen, _broken_screen),
}
