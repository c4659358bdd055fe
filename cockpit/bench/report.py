"""Turns what the measurements print with `--json` into the tables of docs/benchmarks.md.

`python -m cockpit.bench.report DIR` reads ingest.json, pages.json, evaluate.json, coverage.json,
browser.json, stage.json, world.json, flood.json, soak.json, compare-ingest.json, compare-pages.json where
they are there and prints Markdown; nothing is shown that was not measured.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cockpit.bench.changing import LIMITS_MS
from cockpit.bench.pages import LIMITS

Figures = dict[str, Any]


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table; all columns but the first to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]


def _n(value: Any, digits: int = 0) -> str:
    return f"{value:,.{digits}f}" if isinstance(value, int | float) else "–"


def machine_line(figures: Figures) -> str:
    """One sentence about where figures were measured."""
    m = figures["machine"]
    return (
        f"{m.get('cpu', '?')}, {m.get('cores', '?')} cores, {m.get('memory_gib', '?')} GiB, "
        f"Python {m.get('python', '?')}, SQLite {m.get('sqlite', '?')}"
    )


def ingest(figures: Figures) -> list[str]:
    rows = [
        ["observations a second", _n(figures["per_second"]), "≥ 100,000"],
        ["events a second", _n(figures["events_per_second"]), ""],
        ["CPU of all processes a value, µs", _n(figures.get("cpu_us_per_value"), 1), ""],
        ["answer p50, ms", _n(figures["p50_ms"], 1), ""],
        ["answer p95, ms", _n(figures["p95_ms"], 1), ""],
        ["bytes written an observation", _n(figures["bytes_per_observation"], 1), "≤ 300"],
        ["synchronous", str(figures["synchronous"]), "full"],
    ]
    if single := figures.get("single"):
        rows.append(["values a second, one value an event", _n(single["per_second"]), ""])
        rows.append(["CPU a value of these, µs", _n(single["cpu_us_per_value"], 1), ""])
    if beside := figures.get("pages"):
        what = f"refresh p95 of {beside['viewers']} viewers beside {_n(beside['per_second'])} a second, ms"
        rows.append([what, _n(beside["p95_ms"], 1), "≤ 300"])
    return ["### Ingest", "", machine_line(figures), "", *table(["figure", "measured", "promise"], rows)]


def pages(figures: Figures) -> list[str]:
    few = figures.get("behind_few", {}).get("pages", {})
    head = ["page", "script, ms CPU", "refresh, ms CPU", "refresh, bytes"]
    if few:
        head += ["script behind 1 M", "refresh behind 1 M"]
    rows = []
    for name, cost in figures["pages"].items():
        row = [name, _n(cost["cpu_ms"], 1), _n(cost["refresh_cpu_ms"], 1), _n(cost["bytes"])]
        if few:
            row += [_n(few[name]["cpu_ms"], 1), _n(few[name]["refresh_cpu_ms"], 1)]
        rows.append(row)
    promise = ["promise", f"≤ {LIMITS['cpu_ms']:.0f}", f"≤ {LIMITS['refresh_cpu_ms']:.0f}", ""]
    rows.append(promise + ["within 20 %"] * (2 if few else 0))
    days = figures.get("days", "?")
    behind = f"Behind {_n(figures['observations'])} raw observations and {days} days of roll-ups."
    out = ["### Pages", "", machine_line(figures), "", behind, "", *table(head, rows)]
    viewers = figures.get("viewers")
    if viewers:
        out += ["", f"{viewers['n']} viewers, a refresh every {viewers['every_s']:g} s, demo at ×1:", ""]
        out += table(
            ["figure", "measured", "promise"],
            [
                ["web process, % of a core", _n(viewers["cpu_percent"], 1), "< 30"],
                ["the same without viewers", _n(viewers.get("alone_cpu_percent"), 1), ""],
                ["simulator, % of a core", _n(viewers.get("simulator_cpu_percent"), 1), "≤ 15"],
                ["refresh p50, ms", _n(viewers.get("p50_ms"), 1), ""],
                ["refresh p95, ms", _n(viewers["p95_ms"], 1), "< 300"],
            ],
        )
    return out


def evaluate(figures: Figures) -> list[str]:
    known = [(key, value) for key, value in figures.items() if isinstance(value, int | float)]
    rows = [[key, _n(value, 2 if isinstance(value, float) else 0)] for key, value in known]
    if anew := figures.get("recompute"):
        what = f"all {anew['indicators']} indicators of {anew['units']} units"
        named = f"{what} after {_n(anew['records'])} records, s"
        rows.append([named, _n(anew["wall_s"], 2)])
    line = [machine_line(figures), ""] if "machine" in figures else []
    out = ["### Evaluation", "", *line, *table(["figure", "measured"], rows)]
    if found := figures.get("changing"):
        out += [
            "",
            "Passes in which conditions of 50 rules change, ms CPU of engine and writer:",
            "",
            *_changing(found),
        ]
    if found := figures.get("inhibition"):
        numbers = [one for one in found.values() if isinstance(one, dict)]
        rows = [[_n(one["causes"]), _n(one["alerts"]), _n(one["us_per_alert"])] for one in numbers]
        out += ["", *table(["causes", "alerts that open at once", "µs CPU an alert"], rows)]
        out += ["", f"An alert behind the many costs {_n(found['ratio'], 2)} times one behind the few."]
    return out


def _changing(found: Figures) -> list[str]:
    rows = []
    for by in found.values():
        for what, one in by.items():
            limit = f"< {LIMITS_MS[one['conditions']]:,.0f}" if what == "some" else ""
            medians = [_n(ms, 1) for ms in one["median_ms"].values()]
            rows.append([_n(one["conditions"]), _n(one["changes"]), _n(one["p95_ms"], 1), limit, *medians])
    whats = list(next(iter(next(iter(found.values())).values()))["median_ms"])
    return table(["conditions", "changes a pass", "p95", "promise", *whats], rows)


def coverage(figures: Figures) -> list[str]:
    told = {"total_s": 2, "import_s": 2, "classes_s": 3, "gaps_s": 3, "peak_mb": 0, "batch_ms": 0,
            "batch_with_classes_ms": 0, "suggest_s": 3, "certificate_s": 3, "page_cpu_ms": 1}  # fmt: skip
    rows = [[key, _n(figures[key], decimals)] for key, decimals in told.items() if key in figures]
    title = f"### Coverage, {_n(figures['samples'])} samples"
    return [title, "", machine_line(figures), "", *table(["figure", "measured"], rows)]


def soak(figures: Figures) -> list[str]:
    pss = figures["pss_mb"]
    rows = [
        ["memory of all processes at most, MB", _n(pss["max"], 1), "< 700"],
        ["slope of the last two thirds, MB/h", _n(figures["slope_mb_per_hour"], 2), "< 5"],
        ["refresh p95, ms", _n(figures["p95_ms"], 1), "< 300"],
        ["refreshes", _n(figures["refreshes"]), ""],
    ]
    title = f"### {figures['minutes']:g} minutes with {figures['viewers']} viewers"
    return [title, "", machine_line(figures), "", *table(["figure", "measured", "promise"], rows)]


def stage(figures: Figures) -> list[str]:
    worst = figures["worst"]
    rows = [
        [what, _n(figures[key], 2), _n(worst[key], 2), limit]
        for key, what, limit in (
            ("pause_s", "pause, s", "≤ 1"),
            ("preset_s", "a ready fault, s", "≤ 1"),
            ("story_s", "a story begins, s", "≤ 1"),
            ("replace_s", "a story replaces another, s", "≤ 1"),
            ("back_s", "back to the demo's start, s", "≤ 1"),
            ("alert_s", f"a ready fault to its alert, at ×{figures['speed']}, s", ""),
        )
    ]
    head = ["from a click to the first sign", f"median of {figures['rounds']} rounds", "worst", "promise"]
    return ["### Stage", "", machine_line(figures), "", *table(head, rows)]


def browser(figures: Figures) -> list[str]:
    from cockpit.bench.browser import LIMITS

    rows = [
        [f"{name}, s", _n(figures[name], 2), _n(worst, 2), f"≤ {LIMITS[name]:g}" if name in LIMITS else ""]
        for name, worst in figures["worst"].items()
    ]
    head = ["figure", f"median of {figures['rounds']} rounds", "worst", "promise"]
    return ["### Browser", "", machine_line(figures), "", *table(head, rows)]


def world(figures: Figures) -> list[str]:
    out = ["### World", "", machine_line(next(iter(figures.values())))]
    if day := figures.get("day"):
        rows = [
            ["seconds", _n(day["seconds"], 1), "≤ 120"],
            ["memory of all processes at most, MB", _n(day["memory_mb"]), "< 1,000"],
            ["events", _n(day["events"]), ""],
            ["observations", _n(day["observations"]), ""],
            ["size, GB", _n(day["gb"], 2), ""],
        ]
        out += ["", f"{day['length']} of the province, written to a file by `cockpit simulate`:", ""]
        out += table(["figure", "measured", "promise"], rows)
    if country := figures.get("country"):
        rows = [
            ["observations a second, stored", _n(country["per_second"]), "about 14,000"],
            ["speed reached", _n(country["speed"], 2), _n(country["wish"], 2)],
            ["refresh p50, ms", _n(country["p50_ms"], 1), ""],
            ["refresh p95, ms", _n(country["p95_ms"], 1), "< 1,000"],
            ["memory of all processes, MB", _n(country["memory_mb"]), ""],
        ]
        beside = f"×{_n(country['wish'], 1)} beside {country['viewers']} viewers"
        out += ["", f"A country at {beside}, a refresh every 2 s:", ""]
        out += table(["figure", "measured", "promise"], rows)
    return out


def flood(figures: Figures) -> list[str]:
    from cockpit.bench.flood import LIMITS

    page, action = f"≤ {LIMITS['page_s']:g}", f"≤ {LIMITS['action_s']:g}"
    rows = []
    for when, said in (("pages", ""), ("pages_after", ", after the actions")):
        for name, cost in figures[when].items():
            rows.append([f"{name}{said}: the first run, s", _n(cost["first_s"], 2), ""])
            rows.append([f"{name}{said}: run again, s", _n(cost["page_s"], 2), page])
            rows.append([f"{name}{said}: refreshed, s", _n(cost["refresh_s"], 2), page])
    rows += [[f"action: {name}, s", _n(took, 2), action] for name, took in figures["actions"].items()]
    title = f"### {_n(figures['alerts'])} alerts at once"
    return [title, "", machine_line(figures), "", *table(["figure", "measured", "promise"], rows)]


def compare(figures: Figures) -> list[str]:
    here, base = figures["here"], figures["base"]
    own = here["commit"][:12] + (" with changes" if here["changed"] else "")
    rows = [
        [
            f"{name}{' (more is better)' if figure['better'] == 'more' else ''}",
            *(_n(figure[side], 0 if figure["better"] == "more" else 2) for side in ("base", "here")),
            *(_n(figure[key], 3) for key in ("ratio", "least", "most")),
        ]
        for name, figure in figures["figures"].items()
    ]
    head = ["figure", "base", "here", "ratio", "least", "most"]
    said = f"{own} over {base['commit'][:12]}, medians of {figures['rounds']} pairs in turn."
    title = f"### {figures['what'].capitalize()} against {base['asked']}"
    return [title, "", machine_line(figures), "", said, "", *table(head, rows)]


PARTS = {
    "ingest": ingest, "pages": pages, "evaluate": evaluate, "coverage": coverage, "browser": browser,
    "stage": stage, "world": world, "flood": flood, "soak": soak,
    "compare-ingest": compare, "compare-pages": compare, "compare-screen": compare,
}  # fmt: skip


def markdown(directory: Path) -> str:
    """The tables of all measurements that lie in a directory."""
    found = []
    for name, part in PARTS.items():
        path = directory / f"{name}.json"
        if path.exists():
            found.append("\n".join(part(json.loads(path.read_text("utf-8")))))
    return "\n\n".join(found)


if __name__ == "__main__":
    print(markdown(Path(sys.argv[1] if len(sys.argv) > 1 else "build/bench")))
