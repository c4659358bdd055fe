"""A province that does not exist: three units in another zone, six kinds of devices, one of them unknown to
the product. Every name and figure is made up, and says so."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

CODE, ZONE = "tinh_mau", "+08:00"
BOX = (109.8, 12.0, 110.4, 12.6)
UNITS = (
    ("99001", "phuong", "Phường Mẫu Một", "P. Mẫu Một", "Mẫu", 12.5, 24_000, 12.20, 110.00),
    ("99002", "xa", "Xã Mẫu Hai", "X. Mẫu Hai", "Mẫu", 140.0, 9_000, 12.40, 110.10),
    ("99003", "dac_khu", "Đặc khu Mẫu Ba", "ĐK Mẫu Ba", "Mẫu", 30.0, 3_000, 12.30, 110.30),
)
LABEL = "đặt ra để thử"

PROFILE = f"""
code = "{CODE}"
name = {{ vi = "Tỉnh Mẫu ({LABEL})", en = "Sample province (made up)" }}
demo = true
register_note = {{ vi = "Tỉnh không có thật, {LABEL}", en = "No real province: made up for a test" }}
utc_offset_s = 28800
bbox = {list(BOX)}

[totals]
phuong = 1
xa = 1
dac_khu = 1
population = 36000
area_km2 = 182.5

[coverage]
weak_dbm = -100
bad_dbm = -110
min_groups = 3
min_devices = 1
source = {{ vi = "{LABEL}", en = "made up" }}
owner = "so_mau"

[operators]
mang_mau = "Mạng Mẫu"

[people]
leader = "Người Mẫu A"
presenter = "Người Mẫu B"

[bodies]
source = {{ vi = "{{source_owner}}", en = "{{source_owner}}" }}
so_mau = {{ vi = "Sở Mẫu", en = "Sample department" }}

[[kind]]
code = "system"
name = {{ vi = "Hệ thống", en = "System" }}
source = ""
rhythm_s = 0
file = "systems.csv"
attrs = {{ metrics = "text" }}

[[kind]]
code = "link"
name = {{ vi = "Đường truyền", en = "Link" }}
source = "mang"
rhythm_s = 60
file = "links.csv"
attrs = {{ role = "text" }}

[[kind]]
code = "camera"
name = {{ vi = "Camera", en = "Camera" }}
source = "hinh"
rhythm_s = 30
file = "cameras.csv"
attrs = {{ fps = "number" }}

[[kind]]
code = "site"
name = {{ vi = "Trạm phát sóng", en = "Mobile site" }}
source = "song"
rhythm_s = 300
file = "sites.csv"
attrs = {{ operator = "text", height_m = "number" }}

[[kind]]
code = "cell"
name = {{ vi = "Ô phát sóng", en = "Cell" }}
source = "song"
rhythm_s = 300
file = "cells.csv"
attrs = {{ azimuth = "number" }}

[[kind]]
code = "gauge"
name = {{ vi = "Trạm đo mực nước", en = "Water gauge" }}
source = "nuoc"
rhythm_s = 120
file = "gauges.csv"
attrs = {{}}
"""


def _metric(n: int, code: str, unit: str, hi: float, kind: str, scale: int = 10) -> str:
    return f"""
[[metric]]
id = {n}
code = "{code}"
name = {{ vi = "{code} mẫu", en = "{code}" }}
unit = "{unit}"
scale = {scale}
lo = 0
hi = {hi}
kinds = ["{kind}"]
"""


METRICS = "".join((
    _metric(1, "fps", "1/s", 120, "camera"), _metric(2, "loss_pct", "%", 100, "camera", 100),
    _metric(3, "dust_pct", "%", 100, "camera"),  # nothing is known of it: the simulator leaves it out
    _metric(4, "up", "1", 1, "link", 1), _metric(5, "util_pct", "%", 100, "link"),
    _metric(6, "power_ok", "1", 1, "site", 1), _metric(7, "prb_pct", "%", 100, "cell"),
    _metric(8, "water_cm", "cm", 2000, "gauge", 1), _metric(9, "ho_so_mau", "1", 100_000, "system", 1),
))  # fmt: skip


def _source(n: int, code: str, rhythm: int, more: str = "") -> str:
    return f"""
[[source]]
id = {n}
code = "{code}"
row = ""
name = {{ vi = "Nguồn {code} ({LABEL})", en = "Feed {code} (made up)" }}
owner = "so_mau"
kind = "machine"
time = "domain"
rhythm_s = {rhythm}
late_s = {rhythm * 6}
silent_s = {rhythm * 20}
window_s = 604800
early_s = 300
per_hour = 0
calendar = "always"
{more}
"""


SOURCES = "".join((
    _source(1, "hinh", 30), _source(2, "mang", 60), _source(3, "song", 300), _source(4, "nuoc", 120),
    _source(5, "so_lieu", 300), _source(6, "mot_cua", 3600, 'records = ["dossier"]'),
    _source(7, "may_do", 3600, "samples = true"),
    _source(8, "bao_cao", 2_592_000, 'reports = ["I05"]'),
))  # fmt: skip


def _indicator(n: int, name: str, source: str, measure: str, period: str = "RT", unit: str = "%") -> str:
    return f"""
[[indicator]]
code = "I{n:02d}"
number = {n}
name = {{ vi = "{name} ({LABEL})", en = "Indicator {n} (made up)" }}
short = {{ vi = "{name}", en = "Indicator {n}" }}
unit = "{unit}"
direction = "up"
decimals = 1
target = 95
watch = 90
target_source = {{ vi = "{LABEL}", en = "made up" }}
formula = {{ vi = "{LABEL}", en = "made up" }}
definition = {{ vi = "{LABEL}", en = "made up" }}
sources = ["{source}"]
owner = "so_mau"
period = "{period}"
headline = {n}
measure = {measure}
"""


def _count(name: str, words: str, of: str) -> str:
    return f'counts.{name} = {{ name = {{ vi = "{words}", en = "{name}" }}, {of} }}\n'


def _formula(expression: str, *counts: str, unit: str = "%") -> str:
    return f'{{ kind = "formula", expression = "{expression}", unit = "{unit}" }}\n' + "".join(counts)


_SOLVED = _count("solved", "hồ sơ đã xong", 'records = "dossier", counted = "solved", days = 30')
ON_TIME = _formula(
    "on_time / solved", _SOLVED,
    _count("on_time", "hồ sơ đúng hạn", 'records = "dossier", counted = "on_time", days = 30'),
)  # fmt: skip
LEFT = _formula(
    "received - solved", _SOLVED,
    _count("received", "hồ sơ đã nhận", 'records = "dossier", counted = "received", days = 30'),
    unit="dossier",
)  # fmt: skip
INDICATORS = "".join((
    _indicator(1, "Camera trực tuyến", "hinh", '{ kind = "presence", asset_kind = "camera" }'),
    _indicator(2, "Hồ sơ đúng hạn", "mot_cua", ON_TIME, "D"),
    _indicator(3, "Mẫu sóng yếu", "may_do", '{ kind = "coverage_weak_share" }', "D"),
    _indicator(4, "Hồ sơ mẫu", "so_lieu", '{ kind = "latest", asset = "he-thong-1", metric = "ho_so_mau" }'),
    _indicator(5, "Số báo cáo", "bao_cao", '{ kind = "report" }', "Q"),
    _indicator(6, "Hồ sơ còn lại", "mot_cua", LEFT, "D", "hồ sơ"),
))  # fmt: skip


def _rule(code: str, kind: str, more: str, detects: str, owner: str = "so_mau") -> str:
    return f"""
[[rule]]
code = "{code}"
version = 1
kind = "{kind}"
for_s = 60
keep_s = 60
priority = "high"
respond_s = 3600
name = {{ vi = "Quy tắc {code}", en = "Rule {code}" }}
owner = "{owner}"
next_step = {{ vi = "Xem thử", en = "Have a look" }}
detects = ["{detects}"]
{more}
"""


_OFF = 'metric = ""\nop = ""'
RULES = "".join((
    _rule("camera-silent", "asset_silent", f'asset_kind = "camera"\n{_OFF}', "camera_silent"),
    _rule("link-silent", "asset_silent", f'asset_kind = "link"\n{_OFF}', "link_silent"),
    _rule("gauge-silent", "asset_silent", f'asset_kind = "gauge"\n{_OFF}', "source_silent"),
    _rule("source-silent", "source_silent", f'asset_kind = ""\n{_OFF}', "source_silent", "source"),
    _rule("link-busy", "threshold",
          'asset_kind = "link"\nmetric = "util_pct"\nop = ">"\nraise_at = 90\nclear_at = 80', "link_busy"),
))  # fmt: skip

SIMULATION = """
figure = [{ metric = "ho_so_mau", level = 120, noise = 4, shape = "office", work = true, season = true }]
statistic = [{ indicator = "I05", source = "bao_cao", level = 91.5, change = 2 }]
signal = [{ kind = "gauge", metric = "water_cm", level = [180, 240], walk = 6, drift = 12, noise = 1 }]

[dossiers]
source = "mot_cua"
count = 9000
days = 90
online = 0.6

[phones]
source = "may_do"
count = 40
"""

SCENARIO = """
name = { vi = "Đứt đường truyền Mẫu Hai", en = "The Mẫu Hai link is cut" }
story = { vi = "Một chuyện đặt ra để thử.", en = "A story made up for a test." }
seed = 5
start = "2026-11-19T09:00:00+08:00"
length = "2h"

[[fault]]
kind = "link_silent"
label = { vi = "Đứt đường truyền", en = "The link is cut" }
select = { kind = "link", unit = "99002" }
at = "3m"
hold = "15m"

[[fault]]
kind = "link_busy"
label = { vi = "Đường truyền đầy", en = "A link is full" }
select = { kind = "link", unit = "99001" }
at = "4m"
ramp = "1m"
hold = "20m"
recovery = "1m"

[[note]]
at = "3m"
text = { vi = "Camera phía sau cũng mất.", en = "The cameras behind it are gone, too." }
"""

Row = Sequence[object]
BASE = ("id", "code", "name", "unit", "lat", "lon", "depends_on")


def _assets() -> dict[str, tuple[tuple[str, ...], list[Row]]]:
    """Header and lines of every kind's file."""
    links: list[Row] = []
    cameras: list[Row] = []
    sites: list[Row] = []
    cells: list[Row] = []
    gauges: list[Row] = []
    for n, (unit, _, name, *_, lat, lon) in enumerate(UNITS, 1):
        links.append((10 + n, f"duong-{n}", f"Đường truyền {name}", unit, lat, lon, "", "access"))
        for k in range(4):
            place = (lat + 0.002 * k, lon - 0.002 * k)
            cameras.append(
                (100 * n + k, f"hinh-{n}-{k}", f"Camera {name} {k}", unit, *place, f"duong-{n}", 25)
            )
        sites.append((1000 + n, f"tram-{n}", f"Trạm {name}", unit, lat, lon, "", "mang_mau", 35))
        for k in range(3):
            cells.append(
                (2000 + 10 * n + k, f"tram-{n}-{k}", f"Ô {n}-{k}", unit, lat, lon, f"tram-{n}", 120 * k)
            )
        gauges.append((3000 + n, f"nuoc-{n}", f"Mực nước {name}", unit, lat, lon, ""))
    system = (1, "he-thong-1", "Hệ thống mẫu", "", "", "", "", "so_lieu", 300, "ho_so_mau")
    return {
        "systems": ((*BASE, "source", "rhythm_s", "metrics"), [system]),
        "links": ((*BASE, "role"), links),
        "cameras": ((*BASE, "fps"), cameras),
        "sites": ((*BASE, "operator", "height_m"), sites),
        "cells": ((*BASE, "azimuth"), cells),
        "gauges": (BASE, gauges),
    }


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


def _square(lat: float, lon: float) -> dict[str, object]:
    half = 0.04
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def build(folder: Path) -> Path:
    """Write the province into a new folder."""
    (folder / "assets").mkdir(parents=True)
    (folder / "scenarios").mkdir()
    for name, text in {
        "profile.toml": PROFILE, "metrics.toml": METRICS, "sources.toml": SOURCES, "rules.toml": RULES,
        "indicators.toml": INDICATORS, "simulation.toml": SIMULATION, "scenarios/mau_cut.toml": SCENARIO,
    }.items():  # fmt: skip
        (folder / name).write_text(text, "utf-8")
    columns = ("code", "kind", "name", "short", "district", "area_km2", "population", "lat", "lon")
    _write(folder / "units.csv", columns, UNITS)
    places = [
        (f"{unit}-{k}", unit, f"Khu {k}, {short}", lat + 0.01 * k, lon - 0.01 * k, people // 3)
        for unit, _, _, short, _, _, people, lat, lon in UNITS
        for k in range(1, 4)
    ]
    _write(folder / "places.csv", ("code", "unit", "name", "lat", "lon", "population"), places)
    for name, (header, rows) in _assets().items():
        _write(folder / "assets" / f"{name}.csv", header, rows)
    areas = [
        {"type": "Feature", "properties": {"code": u[0], "name": u[2]}, "geometry": _square(u[7], u[8])}
        for u in UNITS
    ]
    for name, features in (("areas", areas), ("world_land", [{**a, "properties": {}} for a in areas])):
        content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        (folder / f"{name}.geojson").write_text(content, "utf-8")
    return folder
