"""A formula that cannot be is refused at the start, with its place and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.profiles import ProfileError, load_folder
from tests.province.made import build

ON_TIME = 'expression = "on_time / solved", unit = "%"'
SOLVED = 'en = "solved" }, records = "dossier", counted = "solved", days = 30 }'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build(tmp_path / "tinh_mau")


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "indicators.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def of(target: str) -> str:
    return f'en = "solved" }}, {target} }}'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("on_time / solved", "on_tme / solved",
         "I02 key measure.expression: found 'on_tme', expected names of counts (solved, on_time)"),
        ("on_time / solved", "on_time / 2",
         "I02 key counts.solved: found 'solved', expected a count that the expression names: take it out"),
        ("on_time / solved", "on_time // solved",
         "found 'on_time // solved', expected names of counts and numbers"),
        ("on_time / solved", "on_time + 3 * solved",
         "found a value in dossier, expected %, as measure.unit says"),
        ("on_time / solved", "100 * on_time / solved",
         "found 100, expected no 100: a share in % is multiplied"),
        ("on_time / solved", "(on_time + 1) / solved", "found dossier + 1, expected counts of the same unit"),
        (SOLVED, of('metric = "water_cm", asset_kind = "gauge", take = "mean", days = 30'),
         "I02 key measure.expression: found a value in dossier/cm, expected %"),
        (SOLVED, of('metric = "water_cm", asset_kind = "gauge", take = "mean", days = 30'),
         "I02 key sources: found ('mot_cua',), expected nuoc among them: counts.solved depends on it"),
        (ON_TIME, 'expression = "on_time / solved", unit = "dossier"',
         "I02 key measure.unit: found 'dossier', expected the unit that is shown, '%'"),
        (SOLVED, of('records = "dosier", counted = "solved", days = 30'),
         "counts.solved.records: found 'dosier', expected a kind of records that a source brings: dossier"),
        (SOLVED, of('records = "dossier", counted = "eaten", days = 30'),
         "key counts.solved.counted: found 'eaten'"),
        (SOLVED, of('records = "dossier", counted = "solved", days = 900'),
         "key counts.solved.days: found 900"),
        (SOLVED, of('records = "dossier", register = "gap"'),
         "counts.solved: found records and register, expected one of records, metric, register, indicator"),
        (SOLVED, of('register = "gap", states = ["lost"]'),
         "key counts.solved.states: found 'lost', expected some of reported, verified"),
        (SOLVED, of('register = "gap", states = ["reported"], days = 3'),
         "key counts.solved.days: found 3, expected only register, states with register"),
        (SOLVED, of('register = "gap", states = ["reported"], where = { a = 1 }'),
         "key counts.solved.where: found {'a': 1}, expected only register, states with register"),
        (SOLVED, of('records = "dossier", counted = "solved", days = 3, where = { a = [1] }'),
         "key counts.solved key where"),
        (SOLVED, of('metric = "water_cm", asset_kind = "camera", take = "mean", days = 3'),
         "key counts.solved.asset_kind: found 'camera', expected one of gauge"),
        (SOLVED, of('indicator = "I77", take = "value"'), "key counts.solved.indicator: found 'I77'"),
        (SOLVED, of('indicator = "I03", take = "part"'),
         "key counts.solved.unit: found nothing, expected a value"),
        (SOLVED, of('record = "dossier"'), "I02 key counts.solved key record: found an unknown key"),
        ('{ kind = "report" }',
         '{ kind = "report" }\ncounts.x = { name = { vi = "x", en = "x" }, records = "y" }',
         "I05 key counts: found counts beside the measure 'report', expected measure.kind = \"formula\""),
    ],
)  # fmt: skip
def test_the_mistake_is_named_with_its_cure(folder: Path, old: str, new: str, said: str) -> None:
    change(folder, old, new)
    with pytest.raises(ProfileError) as caught:
        load_folder(folder)
    assert said in "\n".join(caught.value.problems)


def test_a_circle_between_figures_is_shown(folder: Path, tmp_path: Path) -> None:
    change(folder, SOLVED, of('indicator = "I06", take = "value"'))
    change(folder, SOLVED, of('indicator = "I02", take = "part", unit = "dossier"'))
    result = CliRunner().invoke(main, ("check", "--profile", str(folder), "--data-dir", str(tmp_path)))
    assert result.exit_code
    assert "I02 → I06 → I02, expected no circle: take one of them out" in result.output
