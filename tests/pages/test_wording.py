"""What officials read is plain Vietnamese: no English between, no engineers' words, no code for a formula."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit import ROOT
from cockpit.ui.alert_words import matter, matter_here
from cockpit.ui.words import WORDS
from cockpit.views.desk import Row

PROFILE = ROOT / "cockpit" / "profiles" / "quang_ninh"
FILES = [*sorted(PROFILE.glob("*.toml")), *sorted((ROOT / "simulator" / "scenarios").rglob("*.toml"))]
GUIDE = ROOT / "docs" / "vi" / "README.md"

KNOWN = frozenset(
    # Loan words and names that officials use themselves.
    "camera internet wifi karaoke sim email android"  # noqa: SIM905
    " viettel vnpt vinaphone mobifone vneid vietnamplus vietnamnet"
    # Abbreviations of the administration and of its programmes.
    " ubnd ttg tthc dvc dvcqg attt grdp ocop lgsp dti qcvn ioc cb btttt bkhcn tp iv"
    # Forms of files, of addresses and of dates.
    " xlsx excel docx pdf jpeg csv geojson xep quangnam yyyy"
    # Who publishes figures about networks.
    " opencellid mozilla ookla"
    # Units.
    " km dbm db mbit kbit mb ms byte vnd"
    # What only whoever keeps the system reads: forms of data, keys of a keyboard, names of programs.
    " javascript json utf utc png ntp streamlit enter escape"
    # The method of a class, in its fold.
    " rsrp wilson".split()
)
QUOTED = {
    "kpis.source": "ISA-18.2 và EEMUA 191",  # names of norms
    "gate.code_why": "Code:",  # as it is printed
    "login.why": "Code:",
    "login.other": "English",  # the switch speaks the other language
    "simulator.reset_note": "stage-logs",  # name of a folder
}
"""What stands in a sentence letter by letter."""

TONELESS = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:oai|oay|uay|uya|uye|oeo|uyu|ieu|yeu|uoi|[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye)"
    r"(?:ch|m|ng|nh?)?",
    re.IGNORECASE,
)
"""A syllable of Vietnamese without any mark. One that ends in c, p or t always has one."""

ENGLISH = frozenset({"the", "on", "go", "he", "me"})
"""Words of English that would pass for syllables."""

ENGINEERS = re.compile(
    r"\b(?:RSRP|Wilson|H3|API|OIDC|proxy|hạt giống|sân khấu|bộ đánh giá|gói tin|mất gói|cách ly|"
    r"luồng|băng thông|tiến trình|(?<!ngưỡng )cấu hình|bản tin|nhịp|cận dưới)\b",
    re.IGNORECASE,
)
BEHIND = ("stage.", "simulator.", "fault.", "fault_about.", "refusal.", "refusal_of.", "streamlit.")
"""Sections of the stage, and of what those who keep the system read."""
IN_A_FOLD = ("coverage.method",)
NEWS = re.compile(r"bản tin thời sự|truyền thanh", re.IGNORECASE)


def pairs(found: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Texts in both languages within a document: where, Vietnamese, English."""
    if isinstance(found, dict):
        if isinstance(found.get("vi"), str) and isinstance(found.get("en"), str):
            yield where, found["vi"], found["en"]
        else:
            for key, value in found.items():
                yield from pairs(value, f"{where}.{key}")
    elif isinstance(found, list):
        for at, value in enumerate(found):
            named = value.get("code", at) if isinstance(value, dict) else at
            yield from pairs(value, f"{where}.{named}")


def document(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def foreign(text: str) -> list[str]:
    """Words that are neither Vietnamese nor known."""
    text = re.sub(r"\{[^}]*\}|:material/\w+:|`[^`]*`", " ", text)
    words = re.findall(r"(?<![\w.])[^\W\d_]+(?![\w])", text)
    return [
        word
        for word in words
        if word.isascii()
        and len(word) > 1
        and word.lower() not in KNOWN
        and (word.lower() in ENGLISH or not TONELESS.fullmatch(word))
    ]


def test_the_search_tells_the_languages_apart() -> None:
    assert foreign("Camera mất hình, xem {what} trong 3 km") == []
    assert foreign("Trung tam dieu hanh, khong co") == []
    assert foreign("Nhấn Save để lưu, the file, map và hit") == ["Save", "the", "file", "map", "hit"]


def test_no_english_word_stands_in_the_vietnamese_catalogue() -> None:
    found = {key: foreign(text.replace(QUOTED.get(key, "\0"), "")) for key, text in WORDS["vi"].items()}
    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_english_word_stands_in_the_vietnamese_of_the_province_and_its_stories(path: Path) -> None:
    found = {where: foreign(vi) for where, vi, _ in pairs(document(path))}
    assert {where: words for where, words in found.items() if words} == {}


def test_no_english_word_stands_in_the_vietnamese_guide() -> None:
    """Commands and links aside."""
    text = re.sub(r"(?m)^    .*$|!?\[[^]]*\]\([^)]*\)", " ", GUIDE.read_text(encoding="utf-8"))
    assert set(foreign(text)) <= {"Python", "make", "Prometheus"}


def test_leaders_read_no_words_of_engineers() -> None:
    found = [
        (key, said[0])
        for key, text in WORDS["vi"].items()
        if not key.startswith((*BEHIND, *IN_A_FOLD)) and (said := ENGINEERS.search(text))
    ]
    for path in sorted(PROFILE.glob("*.toml")):
        found += [
            (where, said[0])
            for where, vi, _ in pairs(document(path))
            if (said := ENGINEERS.search(vi)) and not NEWS.search(vi)
        ]
    assert found == []


def test_every_rule_has_both_names_a_next_step_and_a_sentence_in_both_languages() -> None:
    for rule in document(PROFILE / "rules.toml")["rule"]:
        for key in ("name", "about", "next_step"):
            vi, en = rule[key]["vi"], rule[key]["en"]
            assert vi, (rule["code"], key)
            assert en not in ("", vi), (rule["code"], key)
        holes = [rule["about"][language].count("{subject}") for language in ("vi", "en")]
        assert holes in ([0, 0], [1, 1]), rule["code"]
        assert not any(sign in rule["about"]["vi"] for sign in ":;"), "no colon after the colon of a headline"


def test_a_formula_is_a_sentence_and_no_code() -> None:
    for indicator in document(PROFILE / "indicators.toml")["indicator"]:
        for text in indicator["formula"].values():
            assert not re.search(r"\w\(|[/=<>×÷−+*{}\[\]]", text), (indicator["code"], text)
            assert text[0].isupper(), (indicator["code"], text)
            assert text.endswith("."), (indicator["code"], text)
            assert len(text.split()) >= 4, (indicator["code"], text)


def test_a_page_has_one_headline_and_under_it_no_level_is_left_out() -> None:
    sources = [*(ROOT / "cockpit" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    deep = [path.name for path in sources if re.search(r"""["']#{4,} """, path.read_text(encoding="utf-8"))]
    assert deep == []


def row(cockpit: Any, rule_code: str, subject: str, place: str) -> Row:
    """An open alert of a rule of the province."""
    from cockpit.domain.catalog import Text
    from cockpit.domain.numbers import AlertId

    rule = cockpit.profile.rule[rule_code]
    return Row(
        id=AlertId(1), rule=rule.code, rule_name=rule.name, about=rule.about, next_step=rule.next_step,
        of_today=False, priority=rule.priority, subject="x", subject_name=Text(subject, subject), asset="x",
        kind=None, source="", unit="", place=place, owner=rule.owner, folded=0, since=0, opened=0, due=0,
        ack_by="", ack_at=None, real=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "subject", "place", "said", "here"),
    [
        (
            "camera-silent", "Đường Lê Thánh Tông, P. Việt Hưng", "P. Việt Hưng",
            "Camera Đường Lê Thánh Tông (P. Việt Hưng) mất tín hiệu",
            "Camera Đường Lê Thánh Tông mất tín hiệu",
        ),
        (
            "site-power", "Trạm Khu 6, P. Mạo Khê (801)", "P. Mạo Khê",
            "Trạm phát sóng Khu 6, P. Mạo Khê (801) mất điện lưới",
            "Trạm phát sóng Khu 6, P. Mạo Khê (801) mất điện lưới",
        ),
        (
            "recorder-silent", "Đầu ghi P. Hà Lầm 2", "P. Hà Lầm",
            "Đầu ghi P. Hà Lầm 2 mất tín hiệu", "Đầu ghi P. Hà Lầm 2 mất tín hiệu",
        ),
        (
            "source-late", "Mẫu đo sóng từ điện thoại", "",
            "Nguồn “Mẫu đo sóng từ điện thoại” chậm gửi", "Nguồn “Mẫu đo sóng từ điện thoại” chậm gửi",
        ),
        ("dossiers-overdue", "Số hồ sơ quá hạn đang xử lý", "", "Nhiều hồ sơ quá hạn", "Nhiều hồ sơ quá hạn"),
    ],
)  # fmt: skip
def test_an_alert_is_told_in_a_sentence(
    cockpit: Any, rule: str, subject: str, place: str, said: str, here: str
) -> None:
    found = row(cockpit, rule, subject, place)
    assert matter(found, "vi") == said
    assert matter_here(found, "vi") == here
    assert subject.split()[-1].strip("()") in matter(found, "en") or not place
