"""Make the illustrative registers of Quảng Ninh: places.csv and the files of assets/.

    PYTHONPATH=. python tools/make_assets.py

Reads units.csv and world_land.geojson of the profile. Everything is placed inside the area of its unit in
the simulated world, near settlements, by population. The same input gives the same files, byte for byte:
numbers and codes of assets are part of what a cockpit stores. Departmental systems and hosts are kept by
hand.
"""

from __future__ import annotations

import csv
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cockpit.domain import geo

FOLDER = Path(__file__).parents[1] / "cockpit" / "profiles" / "quang_ninh"
SEED = "quang-ninh register 1"
BASE = ["id", "code", "name", "unit", "lat", "lon", "depends_on"]
RECORDERS, PER_RECORDER, SITES, LOUDSPEAKERS = 100, 12, 1000, 400
OPERATORS = (("viettel", 0.50), ("vnpt", 0.35), ("mobifone", 0.15))
HARBOURS = {
    "cam-00108": ("Cảng tàu khách Bãi Cháy, P. Bãi Cháy", "harbour"),
    "cam-00324": ("Bến tàu Vĩnh Thực, X. Vĩnh Thực", "harbour"),
    "cam-00420": ("Cảng Cửa Ông, P. Cửa Ông", "harbour"),
    "cam-00852": ("Cảng Cái Rồng, ĐK. Vân Đồn", "harbour"),
    "cam-01200": ("Cảng Cô Tô, ĐK. Cô Tô", "harbour"),
}
"""Cameras that look at a quay. Like the last camera of every other recorder they have an analytics box."""

NO_BOX = 93
"""The recorder that gives its box to Cô Tô, so that a province has 50."""

STREETS = [
    "Trần Phú",
    "Lê Lợi",
    "Trần Hưng Đạo",
    "Nguyễn Văn Cừ",
    "Lê Thánh Tông",
    "Nguyễn Du",
    "Hoàng Văn Thụ",
    "Quang Trung",
    "Hùng Vương",
    "Lý Thường Kiệt",
    "Trần Quốc Toản",
    "Nguyễn Trãi",
    "Phan Đình Phùng",
    "Bạch Đằng",
    "Lê Hồng Phong",
    "Ngô Quyền",
    "Đinh Tiên Hoàng",
    "Lê Lai",
    "Hai Bà Trưng",
    "Bà Triệu",
    "Tô Hiệu",
    "Lê Duẩn",
    "Nguyễn Thị Minh Khai",
    "Võ Thị Sáu",
    "Kim Đồng",
    "Trần Nhân Tông",
]


def main() -> None:
    units = list(csv.DictReader((FOLDER / "units.csv").open(encoding="utf-8")))
    land = json.loads((FOLDER / "world_land.geojson").read_text("utf-8"))["features"]
    areas = {f["properties"]["code"]: f["geometry"] for f in land if f["properties"]}
    places = {u["code"]: make_places(u, areas[u["code"]]) for u in units}
    write(
        FOLDER / "places.csv",
        [
            "code",
            "unit",
            "name",
            "lat",
            "lon",
            "population",
            "households",
            "schools",
            "offices",
            "grid",
            "road",
        ],
        [[*p, *make_more(u, p)] for u in units for p in places[u["code"]]],
    )
    folder = FOLDER / "assets"
    write(folder / "feeders.csv", BASE, feeders(units))
    write(folder / "links.csv", [*BASE, "operator", "capacity_mbps", "role"], links(units))
    recorders, cameras = video(units, areas, places)
    write(folder / "recorders.csv", [*BASE, "disk_tb"], recorders)
    write(folder / "cameras.csv", [*BASE, "scene", "fps", "bitrate_kbps", "analytics"], cameras)
    sites, cells = radio(units, areas, places)
    write(folder / "sites.csv", [*BASE, "operator", "band", "height_m", "azimuths", "place"], sites)
    write(folder / "cells.csv", [*BASE, "azimuth"], cells)
    write(folder / "loudspeakers.csv", [*BASE, "speakers", "place"], loudspeakers(units, areas, places))


def write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows(rows)


def dice(*what: object) -> random.Random:
    """Random numbers of their own for each thing: a change of one moves no other."""
    return random.Random("|".join(map(str, (SEED, *what))))


def share(total: int, weights: Sequence[float], least: int) -> list[int]:
    """Whole parts of `total` by weight, each at least `least` (largest remainder)."""
    free = total - least * len(weights)
    exact = [free * w / sum(weights) for w in weights]
    parts = [int(e) for e in exact]
    rest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in rest[: free - sum(parts)]:
        parts[i] += 1
    return [p + least for p in parts]


def near(
    rng: random.Random, area: dict[str, Any], lat: float, lon: float, spread_m: float
) -> tuple[float, float]:
    """A point around another one, inside the area."""
    for attempt in range(200):
        wide = spread_m * 0.98**attempt
        y = lat + rng.gauss(0, wide) / 111_200
        x = lon + rng.gauss(0, wide) / (111_200 * math.cos(math.radians(lat)))
        if geo.contains(area, y, x):
            return round(y, 5), round(x, 5)
    return round(lat, 5), round(lon, 5)


def make_places(unit: dict[str, str], area: dict[str, Any]) -> list[list[Any]]:
    """Settlements of a unit: the first at its point, others spread over its area, apart from each other."""
    rng = dice("places", unit["code"])
    people, km2 = int(unit["population"]), float(unit["area_km2"])
    count = min(16, max(3, round(people / 4500 + km2 / 35)))
    spots = [(float(unit["lat"]), float(unit["lon"]))]
    west, south, east, north = geo.bbox(area)
    apart = 1000 * math.sqrt(km2 / count) * 0.7
    for attempt in range(6000):
        if len(spots) == count:
            break
        y, x = rng.uniform(south, north), rng.uniform(west, east)
        far = apart * 0.9985**attempt
        if geo.contains(area, y, x) and all(geo.haversine_m(y, x, *s) > far for s in spots):
            spots.append((round(y, 5), round(x, 5)))
    weights = [1 / (i + 1.5) ** 0.8 for i in range(len(spots))]
    word = "Khu" if unit["kind"] == "phuong" else "Thôn"
    return [
        [f"{unit['code']}-{i:02d}", unit["code"], f"{word} {i}, {unit['short']}", y, x, inhabitants]
        for i, ((y, x), inhabitants) in enumerate(zip(spots, share(people, weights, 1), strict=True), 1)
    ]


def make_more(unit: dict[str, str], place: list[Any]) -> list[Any]:
    """What stands in a settlement: households, schools, offices, power and road. Made up."""
    rng = dice("hamlets", place[0])
    people = place[5]
    first = place[0].endswith("-01")
    far = unit["kind"] != "phuong" and not first
    schools = first + sum(rng.random() < 0.5 for _ in range(people // 2500))
    offices = (2 if first else 0) + (people > 2000) * rng.randint(0, 2)
    grid, road = not (far and rng.random() < 0.05), not (far and rng.random() < 0.08)
    return [round(people / rng.uniform(3.2, 4.1)), schools, offices, int(grid), int(road)]


def pick(rng: random.Random, places: list[list[Any]], even: float = 0.0) -> list[Any]:
    """A place by population; `even` mixes in an equal chance for each."""
    mean = sum(p[5] for p in places) / len(places)
    return rng.choices(places, [p[5] + even * mean for p in places])[0]


def feeders(units: list[dict[str, str]]) -> list[list[Any]]:
    return [
        [100 + n, f"feeder-{u['code']}", f"Lộ điện {u['short']}", u["code"], u["lat"], u["lon"], ""]
        for n, u in enumerate(units, 1)
    ]


def links(units: list[dict[str, str]]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for n, u in enumerate(units, 1):
        operator = dice("link", u["code"]).choice(["vnpt", "viettel"])
        capacity = 1000 if u["kind"] == "phuong" else 500
        rows.append(
            [
                *(200 + n, f"link-{u['code']}", f"Đường truyền {u['short']}", u["code"], u["lat"], u["lon"]),
                *(f"feeder-{u['code']}", operator, capacity, "access"),
            ]
        )
    for n, (name, code) in enumerate(
        [("Hạ Long", "06688"), ("Đông Triều", "07093"), ("Tiên Yên", "06862"), ("Móng Cái", "06712")], 1
    ):
        at = next(u for u in units if u["code"] == code)
        rows.append(
            [
                *(260 + n, f"link-ring-{n}", f"Vòng truyền dẫn {name}", code, at["lat"], at["lon"]),
                *("", "vnpt", 10000, "ring"),
            ]
        )
    return rows


def video(
    units: list[dict[str, str]], areas: dict[str, Any], places: dict[str, list[list[Any]]]
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Recorders by population, at least one a unit, each with its cameras around one settlement."""
    recorders: list[list[Any]] = []
    cameras: list[list[Any]] = []
    names: set[str] = set()
    counts = share(RECORDERS, [int(u["population"]) for u in units], 1)
    for unit, count in zip(units, counts, strict=True):
        code, area = unit["code"], areas[unit["code"]]
        for part in range(count):
            rng = dice("recorder", code, part)
            n = len(recorders) + 1
            around = places[code][part % len(places[code])]
            y, x = near(rng, area, around[3], around[4], 300)
            title = f"Đầu ghi {unit['short']}" + (f" {part + 1}" if count > 1 else "")
            recorders.append(
                [300 + n, f"rec-{n:03d}", title, code, y, x, f"link-{code}", rng.choice([24, 32, 48])]
            )
            for _ in range(PER_RECORDER):
                m = len(cameras) + 1
                spot = around if rng.random() < 0.5 else pick(rng, places[code])
                cy, cx = near(rng, area, spot[3], spot[4], 900)
                name, scene = camera_name(rng, unit, spot, names)
                fps = rng.choices([25, 20, 15], [8, 1, 1])[0]
                bitrate = rng.choice([2048, 3072, 4096]) * fps // 25
                own = f"cam-{m:05d}"
                name, scene = HARBOURS.get(own, (name, scene))
                box = int(own in HARBOURS or (m % PER_RECORDER == 0 and n % 2 == 1 and n != NO_BOX))
                row = [5000 + m, own, name, code, cy, cx, f"rec-{n:03d}", scene, fps, bitrate, box]
                cameras.append(row)
    return recorders, cameras


def camera_name(
    rng: random.Random, unit: dict[str, str], place: list[Any], taken: set[str]
) -> tuple[str, str]:
    """A name that says where a camera looks, and the kind of scene; each name only once."""
    short, where = unit["short"], place[2].split(",")[0].lower()
    bare = short.split(" ", 1)[1]
    full = unit["name"][0].lower() + unit["name"][1:]
    town = unit["kind"] == "phuong"
    choices = [
        ("office", f"Trụ sở UBND {full}"),
        ("school", f"Cổng trường Tiểu học {bare}"),
        ("school", f"Cổng trường THCS {bare}"),
        ("market", f"Chợ {bare}"),
        ("gate", f"Trạm Y tế {full}"),
    ]
    for _ in range(400):
        if rng.random() < 0.72:
            a, b = rng.sample(STREETS, 2)
            if town:
                scene, name = rng.choice(
                    [
                        ("junction", f"Nút giao {a} – {b}"),
                        ("junction", f"Nút giao {a} – {b}"),
                        ("junction", f"Ngã tư {a} – {b}"),
                        ("road", f"Đường {a}, {where}"),
                    ]
                )
            else:
                scene, name = rng.choice(
                    [
                        ("junction", f"Ngã ba {where}"),
                        ("junction", f"Ngã tư trung tâm {where}"),
                        ("road", f"Đường vào {where}"),
                        ("road", f"Cầu {where}"),
                        ("gate", f"Nhà văn hóa {where}"),
                    ]
                )
            name = f"{name}, {short}"
        else:
            scene, name = rng.choice(choices)
        for tail in ("", " (cổng 2)" if scene in ("gate", "office", "school", "market") else " (hướng 2)"):
            if name + tail not in taken:
                taken.add(name + tail)
                return name + tail, scene
    name = f"Điểm quan sát {len(taken) + 1}, {short}"
    taken.add(name)
    return name, "road"


def radio(
    units: list[dict[str, str]], areas: dict[str, Any], places: dict[str, list[list[Any]]]
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Sites of three sectors, by people and by area; one operator each."""
    people = sum(int(u["population"]) for u in units)
    km2 = sum(float(u["area_km2"]) for u in units)
    weights = [0.7 * int(u["population"]) / people + 0.3 * float(u["area_km2"]) / km2 for u in units]
    sites: list[list[Any]] = []
    cells: list[list[Any]] = []
    for unit, count in zip(units, share(SITES, weights, 3), strict=True):
        code, area = unit["code"], areas[unit["code"]]
        for part in range(count):
            n = len(sites) + 1
            rng = dice("site", code, part)
            place = places[code][0] if part < len(OPERATORS) else pick(rng, places[code], 0.3)
            operator = (
                OPERATORS[part][0]
                if part < len(OPERATORS)
                else rng.choices([o for o, _ in OPERATORS], [w for _, w in OPERATORS])[0]
            )
            spread = 700 + 300 * math.sqrt(float(unit["area_km2"]) / len(places[code]))
            y, x = near(rng, area, place[3], place[4], spread)
            town = unit["kind"] == "phuong"
            band = rng.choice(["1800", "2100"]) if town else rng.choice(["900", "1800"])
            height = rng.choice([24, 27, 30, 33, 36]) if town else rng.choice([36, 39, 42, 45, 48])
            first = rng.randrange(0, 120, 10)
            azimuths = [first, first + 120, first + 240]
            sites.append(
                [
                    *(1000 + n, f"site-{n:04d}", f"Trạm {place[2]} ({n})", code, y, x, f"feeder-{code}"),
                    *(operator, band, height, " ".join(map(str, azimuths)), place[0]),
                ]
            )
            for sector, azimuth in enumerate(azimuths, 1):
                number = 2000 + 3 * (n - 1) + sector
                cell = f"site-{n:04d}-{sector}"
                cells.append([number, cell, f"Ô {n}-{sector}", code, y, x, f"site-{n:04d}", azimuth])
    return sites, cells


def loudspeakers(
    units: list[dict[str, str]], areas: dict[str, Any], places: dict[str, list[list[Any]]]
) -> list[list[Any]]:
    """Clusters of loudspeakers: settlement by settlement, more of them where people live apart."""
    rows: list[list[Any]] = []
    weights = [int(u["population"]) ** 0.7 for u in units]
    for unit, count in zip(units, share(LOUDSPEAKERS, weights, 3), strict=True):
        code = unit["code"]
        for part in range(count):
            n = len(rows) + 1
            rng = dice("loudspeaker", code, part)
            place = places[code][part % len(places[code])]
            y, x = near(rng, areas[code], place[3], place[4], 400)
            tail = f" – cụm {part // len(places[code]) + 1}" if part >= len(places[code]) else ""
            rows.append(
                [
                    *(500 + n, f"loa-{n:03d}", f"Loa {place[2]}{tail}", code, y, x, f"link-{code}"),
                    *(rng.choice([2, 2, 3, 4]), place[0]),
                ]
            )
    return rows


if __name__ == "__main__":
    main()
