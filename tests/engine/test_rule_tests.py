"""Tests beside the rules: those of the shipped profile hold, and what differs or is misspelt is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli.rules import rules
from cockpit.engine import rule_tests
from cockpit.profiles import Profile, ProfileError, load

SHIPPED = Path(rule_tests.__file__).parents[1] / "profiles" / "quang_ninh"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("quang_ninh", size="district")


def test_the_shipped_rules_do_what_their_tests_say_and_every_kind_has_one() -> None:
    told = CliRunner().invoke(rules, ["test"])
    assert told.exit_code == 0, told.output
    assert told.output.endswith("0 failed; kinds without a test: none\n")


def test_a_difference_is_told_with_its_place_and_ends_with_one(tmp_path: Path) -> None:
    folder = tmp_path / "quang_ninh"
    shutil.copytree(SHIPPED, folder)
    path = folder / "rules.toml"
    text = path.read_text("utf-8")
    at = text.index('code = "link-down"')
    path.write_text(text[:at] + text[at:].replace("for_s = 60", "for_s = 90", 1), "utf-8")
    told = CliRunner().invoke(rules, ["test", "--profile", str(folder)])
    assert told.exit_code == 1
    assert "rule link-down at 60 s: found open [], expected ['link-06652']" in told.output


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('rule = "no-such"', "key rule: found 'no-such', expected the code of a rule"),
        (
            'rule = "link-down"\nseries = [{ subject = "x", every_s = 1, values = "1" }]',
            "series.subject: found 'x'",
        ),
        (
            'rule = "link-down"\n'
            'series = [{ subject = "link-06652", metric = "fps", every_s = 1, values = "1" }]',
            "expected a metric that the asset sends",
        ),
        (
            'rule = "link-down"\nseries = [{ subject = "link-06652", every_s = 1, values = "1y" }]',
            "series.values: found '1y', expected such as 25",
        ),
        ('rule = "link-down"\nexpected = 3', "expected"),
    ],
)
def test_a_mistake_in_a_test_is_told_with_its_place(
    tmp_path: Path, profile: Profile, wrong: str, words: str
) -> None:
    text = f'[[test]]\nname = "t"\n{wrong}\nexpect = [{{ at_s = 1 }}]\n'
    (tmp_path / rule_tests.FILE).write_text(text, "utf-8")
    with pytest.raises(ProfileError) as told:
        rule_tests.read(replace(profile, folder=tmp_path))
    assert any(words in problem and rule_tests.FILE in problem for problem in told.value.problems)


def test_a_profile_without_tests_has_none(tmp_path: Path, profile: Profile) -> None:
    assert rule_tests.read(replace(profile, folder=tmp_path)) == ()
