"""Every indicator stands under one pillar, or the file is refused with place and cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cockpit.profiles import ProfileError, load, load_folder


def test_every_indicator_of_the_province_stands_under_one_pillar() -> None:
    profile = load("quang_ninh", "district")
    placed = [code for pillar in profile.pillars for code in pillar.indicators]
    assert sorted(placed) == sorted(profile.indicator)
    assert [pillar.name.en for pillar in profile.pillars][:3] == [
        "Digital government", "Digital economy", "Digital society",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"I47", ', "", "pillars.toml [[pillar]]: found nothing, expected a pillar for I47"),
        ('"I47"', '"I47", "I99"', "[[pillar]] kinh-te key indicators: found 'I99', expected the code"),
        ('"I47"', '"I47", "I01"', "found 'I01', expected no indicator of another pillar: chinh-quyen has it"),
        ('code = "kinh-te"', 'colour = "red"\ncode = "kinh-te"', "key colour"),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_cure(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = tmp_path / "quang_ninh"
    shutil.copytree(load("quang_ninh").folder, folder)
    file = folder / "pillars.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ProfileError) as caught:
        load_folder(folder)
    assert told in str(caught.value)


def test_a_province_without_the_file_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "quang_ninh"
    shutil.copytree(load("quang_ninh").folder, folder)
    (folder / "pillars.toml").unlink()
    assert load_folder(folder).pillars == ()
