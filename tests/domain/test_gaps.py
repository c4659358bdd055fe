"""Coverage gaps keep their number as they grow, shrink, split, merge, close and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import h3
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.coverage import CellClass, CellStats, gap_life
from cockpit.domain.coverage.gap_life import REPORTED
from cockpit.domain.coverage.gaps import moved, told
from cockpit.domain.coverage.patches import Patch, carried, patches
from cockpit.domain.registers import CLOSED, GAP, Entry, Moved

HERE = h3.latlng_to_cell(21.35, 107.45, 8)
DISK = sorted(h3.grid_disk(HERE, 3))
ROW = h3.grid_path_cells(DISK[0], max(DISK, key=lambda c: h3.grid_distance(DISK[0], c)))
DAY = 86_400_000


def stats(cell: str, bad: int = 20) -> CellStats:
    return CellStats(cell, 20, 20, 4, bad, bad, -2200, -1200, 5)


def judged(bad: list[str], good: list[str] = ROW) -> list[tuple[CellClass, CellStats]]:
    """These cells bad, those of `good` good."""
    found: list[tuple[CellClass, CellStats]] = [("bad", stats(c)) for c in bad]
    return sorted(found + [("good", stats(c, 0)) for c in good if c not in bad], key=lambda kc: kc[1].h3)


def step(entries: dict[int, Entry], bad: list[str], t: int, good: list[str] = ROW) -> list[Moved]:
    """Look over the province and take up what became of its gaps."""

    def begin(number: int, patch: Patch) -> Entry:
        return Entry(GAP, number, REPORTED, "u1", "", t, t + 10 * DAY, facts=told(patch))

    steps, facts = moved(entries, judged(bad, good), t, begin)
    for number, found in facts.items():
        e = entries[number]
        entries[number] = Entry(e.kind, number, e.state, e.unit, "", e.opened, e.due, None, e.version, found)
    entries |= {m.entry.id: m.entry for m in steps}
    return steps


def told_of(steps: list[Moved]) -> list[tuple[int, str]]:
    return [(m.entry.id, m.step.what) for m in steps]


def cells_of(entries: Mapping[int, Entry]) -> dict[int, list[str]]:
    return {n: sorted(e.facts["cells"]) for n, e in entries.items() if e.state != CLOSED}


def test_a_gap_that_grows_by_far_and_shrinks_keeps_its_number() -> None:
    entries: dict[int, Entry] = {}
    assert told_of(step(entries, [ROW[2]], 0)) == [(1, "found")]
    assert told_of(step(entries, ROW[:6], DAY)) == []
    assert told_of(step(entries, [ROW[5]], 2 * DAY)) == []
    assert cells_of(entries) == {1: [ROW[5]]}
    assert (entries[1].opened, entries[1].version) == (0, 1)


def test_of_a_split_gap_the_larger_part_keeps_the_number_and_of_merged_ones_the_larger() -> None:
    entries: dict[int, Entry] = {}
    step(entries, ROW[:6], 0)
    assert told_of(step(entries, [ROW[0], *ROW[3:6]], DAY)) == [(2, "found")]
    assert cells_of(entries) == {1: sorted(ROW[3:6]), 2: [ROW[0]]}
    steps = step(entries, ROW[:6], 2 * DAY)
    assert told_of(steps) == [(2, "merged")]
    assert steps[0].step.evidence["into"] == 1
    assert (entries[2].state, entries[2].closed, entries[2].due) == (CLOSED, 2 * DAY, None)


def test_it_closes_when_measured_good_and_opens_again_under_its_number() -> None:
    entries: dict[int, Entry] = {}
    step(entries, ROW[:2], 0)
    assert told_of(step(entries, [], DAY)) == [(1, "measured_good")]
    assert told_of(step(entries, [ROW[1], ROW[2]], 5 * DAY)) == [(1, "reopened")]
    again = entries[1]
    assert (again.state, again.opened, again.closed, again.due, again.version) == (
        "verified", 0, None, 15 * DAY, 3,
    )  # fmt: skip
    assert again.facts["reopened"] == 1


def test_ground_that_nobody_measures_any_more_keeps_its_gap_open() -> None:
    entries: dict[int, Entry] = {}
    step(entries, ROW[:3], 0)
    assert step(entries, [], DAY, good=[]) == []
    assert step(entries, [], DAY, good=ROW[:1]) == [], "a third of it says nothing about the rest"
    assert told_of(step(entries, [], DAY, good=ROW[:2])) == [(1, "measured_good")]


def test_what_another_takes_is_merged_however_little_of_the_rest_is_measured() -> None:
    entries: dict[int, Entry] = {}
    step(entries, [*ROW[:2], *ROW[3:7]], 0)
    assert sorted(len(c) for c in cells_of(entries).values()) == [2, 4]
    taken = next(n for n, c in cells_of(entries).items() if len(c) == 2)
    steps = step(entries, ROW[1:7], DAY, good=[])
    assert told_of(steps) == [(taken, "merged")]


@given(st.lists(st.sets(st.sampled_from(DISK)), min_size=1, max_size=6))
def test_open_gaps_are_always_the_patches_of_bad_cells_where_all_is_measured(looks: list[set[str]]) -> None:
    entries: dict[int, Entry] = {}
    for t, bad in enumerate(looks):
        before = dict(entries)
        step(entries, sorted(bad), t, good=DISK)
        there = sorted(sorted(p.cells) for p in patches(judged(sorted(bad), DISK), "bad"))
        assert sorted(cells_of(entries).values()) == there
        for number, entry in before.items():
            assert entries[number].opened == entry.opened


@given(
    st.dictionaries(st.integers(1, 9), st.sets(st.sampled_from(DISK), min_size=1), max_size=5),
    st.sets(st.sampled_from(DISK)),
)
def test_no_number_is_carried_on_twice(known: dict[int, set[str]], bad: set[str]) -> None:
    found = patches(judged(sorted(bad), []), "bad")
    kept = carried(known, found)
    assert len(set(kept.values())) == len(kept)
    for position, number in kept.items():
        assert known[number].intersection(found[position].cells)


def at_work(entries: dict[int, Entry], number: int, state: str = "planned") -> None:
    entries[number] = replace(entries[number], state=state, version=2)


def test_what_people_are_at_is_closed_by_no_fewer_looks_than_people_need() -> None:
    entries: dict[int, Entry] = {}
    step(entries, ROW[:2], 0)
    at_work(entries, 1)
    few: list[tuple[CellClass, CellStats]] = [
        ("good", stats(c, 0)._replace(n=4, groups=4)) for c in sorted(ROW[:2])
    ]
    assert moved(entries, few, DAY, lambda n, p: entries[n])[0] == []
    assert told_of(step(entries, [], DAY)) == [(1, "measured_good")]


def test_what_people_are_at_keeps_its_number_where_gaps_become_one() -> None:
    entries: dict[int, Entry] = {}
    step(entries, [*ROW[:4], ROW[5]], 0)
    small = next(n for n, e in entries.items() if len(e.facts["cells"]) == 1)
    at_work(entries, small)
    (merged,) = step(entries, ROW[:6], DAY)
    assert (merged.step.what, merged.step.evidence["into"]) == ("merged", small)
    assert entries[small].state == "planned"


def test_what_was_measured_before_the_work_opens_no_gap_that_was_proved_over() -> None:
    entries: dict[int, Entry] = {}
    step(entries, ROW[:2], 0)
    work = gap_life.built(replace(entries[1], state="planned"), (), gap_life.Taken(DAY, "An", {}))
    proof = gap_life.proof_of([stats(c, 0) for c in ROW[:2]])
    entries[1] = gap_life.closed(work.entry, proof, gap_life.Taken(2 * DAY, "An", {})).entry
    assert step(entries, ROW[:2], 3 * DAY) == []
    assert told_of(step(entries, ROW[:2], 33 * DAY)) == [(1, "reopened")]
    assert entries[1].facts["reopened"] == 1
    assert gap_life.life_of(entries[1]).after is None
