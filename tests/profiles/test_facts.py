"""Every figure F1 to F26 of the source articles, with its date and its source, and published indices."""

from __future__ import annotations

import pytest

from cockpit.domain import periods
from cockpit.domain.indices import service
from cockpit.profiles import Profile, load

QN2023 = "Họp trực tuyến về chuyển đổi số, điểm cầu Quảng Yên, 2023"
QT2024 = "Họp đánh giá chuyển đổi số tỉnh Quảng Trị, 28/06/2024, theo Quyết định 1982/QĐ-UBND ngày 29/07/2022"
BK2023 = "Ban Chỉ đạo chuyển đổi số tỉnh Bắc Kạn, phiên thứ nhất năm 2023, 07/03/2023"
QN2022 = "Quảng Ninh: kết quả chuyển đổi số toàn diện trong 9 tháng, 26/09/2022"
QN2021 = "Quảng Ninh đặt mục tiêu chuyển đổi số toàn diện, 22/10/2021"

FACTS: list[tuple[str, float | None, str, str, str, str]] = [
    # code, value to one decimal, unit, province, date, source
    ("F1", 40.7, "%", "Quảng Ninh", "2022", QN2023),
    ("F2", 37.3, "%", "Quảng Ninh", "2022", QN2023),
    ("F3", 44, "mục tiêu", "Quảng Ninh", "2023", QN2023),
    ("F4", 148, "tỷ đồng", "Quảng Ninh", "2023", QN2023),
    ("F5", 100, "%", "Quảng Ninh", "2023", QN2023),
    ("F6", None, "", "Quảng Ninh", "2023", QN2023),
    ("F7", None, "", "Quảng Ninh", "2023", QN2023),
    ("F8", 100.0, "%", "Quảng Trị", "2024-06-28", QT2024),
    ("F9", 52.4, "%", "Quảng Trị", "2024-06-28", QT2024),
    ("F10", 55.6, "%", "Quảng Trị", "2024-06-28", QT2024),
    ("F11", 16.7, "%", "Quảng Trị", "2024-06-28", QT2024),
    ("F12", None, "", "Quảng Trị", "2024-06-28", QT2024),
    ("F13", 100, "%", "Bắc Kạn", "2023-03-07", BK2023),
    ("F14", 50, "%", "Bắc Kạn", "2023-03-07", BK2023),
    ("F15", 100, "%", "Bắc Kạn", "2023-03-07", BK2023),
    ("F16", 100, "%", "Bắc Kạn", "2023-03-07", BK2023),
    ("F17", None, "", "Bắc Kạn", "2023-03-07", BK2023),
    ("F18", 125_506, "hồ sơ", "Quảng Ninh", "2022-09", QN2022),
    ("F19", 75, "%", "Quảng Ninh", "2022-09", QN2022),
    ("F20", 100, "%", "Quảng Ninh", "2022-09", QN2022),
    ("F21", 70, "%", "Quảng Ninh", "2022-09", QN2022),
    ("F22", 62, "%", "Quảng Ninh", "2022-09", QN2022),
    ("F23", None, "", "Quảng Ninh", "2022-09", QN2022),
    ("F24", None, "", "Quảng Ninh", "2022-09", QN2022),
    ("F25", 3, "trục", "Quảng Ninh", "2021-10-22", QN2021),
    ("F26", None, "", "Quảng Ninh", "2021-10-22", QN2021),
]

COUNTED = {
    "F1": (11, 27), "F2": (19, 51), "F8": (11, 11), "F9": (11, 21), "F10": (5, 9), "F11": (1, 6),
}  # fmt: skip

FURTHER = {
    "F3": [(4, "trụ cột", False), (10, "nhóm nhiệm vụ", False)],
    "F5": [(6, "tháng đầu năm", False)],
    "F22": [(2_100_000, "tài khoản", True)],
}

SAID = {
    "F6": "Rà soát hằng tháng, hằng quý theo sở, ngành, địa phương",
    "F7": "dữ liệu do máy sinh ra theo thời gian thực",
    "F12": "nhận thức số, thể chế số, hạ tầng số tăng",
    "F17": "cơ sở dữ liệu chuyên ngành",
    "F23": "Sóng di động yếu ở một số nơi",
    "F24": "Giải trình từng nhiệm vụ chưa triển khai; giao ban hằng tháng; công bố tỷ lệ dịch vụ trực tuyến",
    "F25": "chính quyền số, kinh tế số, xã hội số",
    "F26": "băng rộng tới mọi hộ, xóa mọi điểm lõm sóng",
}


@pytest.fixture(scope="module")
def province() -> Profile:
    return load("quang_ninh")


@pytest.mark.parametrize(("code", "value", "unit", "where", "date", "source"), FACTS)
def test_a_published_figure_has_its_value_place_date_and_source(
    province: Profile, code: str, value: float | None, unit: str, where: str, date: str, source: str
) -> None:
    fact = province.fact[code]
    assert (fact.unit.vi, fact.province, fact.date) == (unit, where, date)
    assert fact.source.vi.startswith(source)
    assert fact.source.en
    shown = fact.figure
    assert shown == value if value is None or shown is None else round(shown, 1) == value
    assert (fact.done, fact.all) == COUNTED.get(code, (None, None))
    assert [(f.value, f.unit.vi, f.more) for f in fact.further] == FURTHER.get(code, [])
    assert SAID.get(code, "") in fact.text.vi


def test_the_published_figures_are_f1_to_f26_and_their_dates_have_passed(province: Profile) -> None:
    assert list(province.fact) == [f"F{n}" for n in range(1, 27)] == [fact[0] for fact in FACTS]
    for fact in province.facts:
        assert periods.end_of(fact.date) < periods.end_of("2026")
    assert periods.end_of("2022") == periods.end_of("2022-12") == periods.end_of("2022-12-31")


def test_published_indices_have_their_totals_dates_and_sources(province: Profile) -> None:
    (service_index,) = province.indices.published
    assert (service_index.name.vi, service_index.date) == ("Quảng Nam", "2024-08-19")
    assert (service_index.total, service_index.grade) == (80.1, "tot")
    assert "quangnam.gov.vn" in service_index.source.vi
    results = {r.name.vi: (r.dti, r.rank, r.date) for r in province.indices.published_dti}
    assert results["Quảng Ninh"] == (0.7024, 3, "2022")
    assert results["Đà Nẵng"] == (0.8002, 1, "2022")
    assert all("dti.gov.vn" in r.source.en for r in province.indices.published_dti)


def test_every_part_of_the_service_index_is_measured_or_said_to_be_made_up(province: Profile) -> None:
    assert province.indices.service is not None
    measured = set(province.indices.service.parts)
    made_up = {part for counts in province.indices.made_up.values() for part in counts}
    assert measured | made_up == set(service.PARTS)
    assert not measured & made_up
    assert province.indices.made_up.keys() == province.unit.keys()
