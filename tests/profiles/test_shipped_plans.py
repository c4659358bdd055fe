"""The plans that the province ships: what the articles give and no more, and what a demo makes up beside."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cockpit.domain.plans.model import Draft, ProjectRow, Row
from cockpit.profiles import Profile, load
from cockpit.profiles.plans import FILE, at_year, read_plans
from cockpit.profiles.reader import Problems


@pytest.fixture(scope="module")
def province() -> Profile:
    return load("quang_ninh")


@pytest.fixture(scope="module")
def plans(province: Profile) -> dict[str, Draft]:
    return {draft.code: draft for draft in province.plans}


def test_rows_that_no_article_names_are_marked_and_their_names_say_so(plans: dict[str, Draft]) -> None:
    for draft in plans.values():
        rows: list[Row | ProjectRow] = [*draft.targets, *draft.tasks, *draft.projects]
        for row in rows:
            unnamed = "bài báo không nêu tên" in row.name.vi
            assert row.made_up is (unnamed or draft.made_up), (draft.code, row.code)
            assert ("not named in the article" in row.name.en) is unnamed
        for group in (*draft.pillars, *draft.groups):
            assert group.made_up is ("bài báo không nêu tên" in group.name.vi)


def test_a_plan_has_as_many_rows_as_were_published(plans: dict[str, Draft], province: Profile) -> None:
    for draft in plans.values():
        for told in draft.published:
            fact = province.fact[told.fact]
            if told.of not in ("target", "task") or fact.done is None:
                continue
            rows = draft.targets if told.of == "target" else draft.tasks
            own = [r.state for r in rows if r.pillar == told.pillar]
            assert (own.count("done"), len(own)) == (fact.done, fact.all), (draft.code, told)
    assert len(plans["QN-2023"].targets) == province.fact["F3"].value == 44


def test_what_the_articles_name_is_there_with_its_figures(plans: dict[str, Draft]) -> None:
    year = plans["QN-2023"]
    assert [p.name.vi for p in year.pillars] == ["Dữ liệu số", "Chính quyền số", "Kinh tế số", "Xã hội số"]
    assert len(year.groups) == 10
    assert [(p.allotted, dict(p.months)) for p in year.projects] == [(148_000, {})]
    scheme = next(t for t in year.tasks if "Đề án 06 của năm 2023" in t.name.vi)
    assert (scheme.due, scheme.state, scheme.made_up) == ("2023-06-30", "untold", False)
    goals = [t.goal for t in plans["BK-2023"].targets]
    assert goals == [100, 50, 100, 100, None]
    told: dict[str, list[float | None]] = {}
    for t in plans["QN-9T-2022"].targets:
        told.setdefault(t.unit.vi if t.unit else "", []).append(t.value)
    assert told == {"hồ sơ": [125_506], "%": [75, 100, 70, 62], "tài khoản": [2_100_000]}
    trị = plans["QT-1982"]
    done = Counter((t.pillar, t.state == "done") for t in trị.tasks)
    assert [(done[p.code, True], done[p.code, True] + done[p.code, False]) for p in trị.pillars] == [
        (11, 11), (11, 21), (5, 9), (1, 6),
    ]  # fmt: skip


def test_every_plan_names_its_source_and_the_made_up_one_says_so(plans: dict[str, Draft]) -> None:
    assert [code for code, draft in plans.items() if draft.made_up] == ["MAU-YYYY"]
    for draft in plans.values():
        assert draft.source.vi
        assert draft.document.vi
        assert bool(draft.asof) is not draft.made_up


def test_a_year_that_is_not_known_is_put_in_everywhere(plans: dict[str, Draft]) -> None:
    found = at_year(plans["MAU-YYYY"], "2027")
    assert found.code == "MAU-2027"
    assert "YYYY" not in repr(found)
    assert (found.first, found.tasks[0].due) == ("2027-01-01", "2027-02-28")
    assert "2027-01" in found.projects[0].months


def test_the_demo_has_a_task_for_every_unit(plans: dict[str, Draft], province: Profile) -> None:
    owners = {t.owner for t in plans["MAU-YYYY"].tasks}
    assert owners >= set(province.unit)


GOOD = """
[[plan]]
code = "P"
name = "n"
document = "d"
source = "s"
first = "2026-01-01"
last = "2026-12-31"
[[task]]
plan = "P"
code = "T1"
name = "n"
owner = "skhcn"
due = "2026-05-31"
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('owner = "skhcn"', 'owner = "nobody"'), "plans.toml P tasks T1 key owner: found 'nobody'"),
        (('owner = "skhcn"', 'helpers = ["skhcn"]'), "plans.toml P tasks T1 key owner: found ''"),
        (('due = "2026-05-31"', 'due = "31/05/2026"'), "plans.toml P tasks T1 key due: found '31/05/2026'"),
        (('due = "2026-05-31"', 'pillar = "x"'), "plans.toml P tasks T1 key pillar: found 'x'"),
        (('due = "2026-05-31"', 'state = "done"'), "plans.toml P tasks T1 key done: found ''"),
        (('plan = "P"', 'plan = "Q"'), "plans.toml [[task]] T1 key plan: found 'Q', expected one of P"),
        (('last = "2026-12-31"', 'last = "2025-12-31"'), "plans.toml P key last: found '2025-12-31'"),
        (('name = "n"\ndoc', 'nam = "n"\ndoc'), "plans.toml [[plan]] P key nam"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_plan_row_and_key(
    province: Profile, tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    from cockpit.profiles import plans as reading

    assert change[0] in GOOD
    (tmp_path / FILE).write_text(GOOD.replace(*change), "utf-8")
    problems = Problems()
    found = read_plans(tmp_path, province.units, province.facts, problems)
    reading.check(found, province.nameable, problems)
    assert any(line.startswith(told) for line in problems.found), problems.found
    (tmp_path / FILE).write_text(GOOD, "utf-8")
    clean = Problems()
    reading.check(read_plans(tmp_path, province.units, province.facts, clean), province.nameable, clean)
    assert clean.found == []


def test_a_province_need_not_have_plans(tmp_path: Path) -> None:
    assert read_plans(tmp_path, (), (), Problems()) == []
