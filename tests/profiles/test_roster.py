"""Who is who, as a file says it: a wrong line is named and gives nobody a right, the others go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cockpit.domain.roles import ROLES
from cockpit.profiles import Profile, load
from cockpit.profiles.roster import Enrolled, Roster

HEADER = "identity,name,role,unit\n"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("quang_ninh", "district")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def roster(path: Path, profile: Profile, text: str | bytes) -> Roster:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    made = Roster(path, profile)
    made.of("")
    return made


def test_each_line_names_somebody_their_role_and_their_unit(path: Path, profile: Profile) -> None:
    made = roster(
        path, profile,
        "\ufeff" + HEADER + "lan@example.vn,Nguyễn Thị Lan,leader,\r\n"
        "binh@example.vn, Trần Bình ,officer,06652\r\n"
        "hoa@example.vn,,unit_leader,syt\r\n",
    )  # fmt: skip
    assert made.of("lan@example.vn") == Enrolled("Nguyễn Thị Lan", "leader", "")
    assert made.of("binh@example.vn") == Enrolled("Trần Bình", "officer", "06652")
    assert made.of("hoa@example.vn") == Enrolled("hoa@example.vn", "unit_leader", "syt")
    assert made.of("Lan@example.vn") is None, "names are compared to the letter"
    assert made.problems == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a@example.vn,A,emperor,", "people.csv line 3 role: found 'emperor', expected one of leader,"),
        ("a@example.vn,A,presenter,", "people.csv line 3 role: found 'presenter'"),
        ("a@example.vn,A,officer,", "people.csv line 3 unit: found nothing, expected the code of the unit"),
        ("a@example.vn,A,leader,99999", "people.csv line 3 unit: found '99999'"),
        ("a@exam\u200bple.vn,A,leader,", "people.csv line 3 identity: found"),
        ("a@example.vn,A,leader", "people.csv line 3: found 3 columns, expected 4"),
        (",A,leader,", "people.csv line 3 identity: found ''"),
    ],
)
def test_a_wrong_line_is_named_and_gives_no_right(path: Path, profile: Profile, line: str, told: str) -> None:
    made = roster(path, profile, f"{HEADER}x@example.vn,X,admin,\n{line}\ny@example.vn,Y,operator,\n")
    (problem,) = made.problems
    assert told in problem
    assert made.of("a@example.vn") is None
    found = [made.of(f"{name}@example.vn") for name in "xy"]
    assert [one.role for one in found if one is not None] == ["admin", "operator"]


@pytest.mark.parametrize("role", ["operator", "boss"])
def test_who_is_named_twice_is_nobody(path: Path, profile: Profile, role: str) -> None:
    made = roster(path, profile, HEADER + f"a@example.vn,A,{role},\na@example.vn,A,admin,\n")
    assert made.of("a@example.vn") is None
    assert "line 3 identity" in made.problems[-1]
    assert "line 2" in made.problems[-1]


@pytest.mark.parametrize("text", ["", "identity;name;role;unit\n", "name,identity,role,unit\n", b"\xff\xfe"])
def test_a_file_of_another_form_names_nobody_and_says_so(
    path: Path, profile: Profile, text: str | bytes
) -> None:
    made = roster(path, profile, text)
    assert len(made.problems) == 1
    assert made.of("a@example.vn") is None


def test_a_change_counts_at_the_next_look(path: Path, profile: Profile) -> None:
    made = roster(path, profile, HEADER + "a@example.vn,A,operator,\n")
    before = made.of("a@example.vn")
    assert before is not None
    assert before.role == "operator"
    other = path.with_suffix(".new")
    other.write_text(HEADER + "a@example.vn,A,admin,\n", "utf-8")
    os.replace(other, path)  # as editors write
    after = made.of("a@example.vn")
    assert after is not None
    assert after.role == "admin"
    path.unlink()
    assert made.of("a@example.vn") is None, "a right that can no longer be read up is none"
    assert "no such file" in made.problems[0]


def test_the_roles_of_a_file_are_all_but_that_of_a_demo(path: Path, profile: Profile) -> None:
    made = roster(path, profile, HEADER + "".join(f"{r}@example.vn,,{r},06652\n" for r in ROLES))
    named = [r for r in ROLES if made.of(f"{r}@example.vn")]
    assert named == [r for r in ROLES if r != "presenter"]
