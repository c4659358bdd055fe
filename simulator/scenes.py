"""What simulated cameras look at: plain schematic scenes, all in the colours of day."""

from __future__ import annotations

import math
from collections.abc import Callable

from simulator.pen import (
    ASPHALT,
    GLASS,
    HEIGHT,
    LINE,
    PAINTS,
    PAVEMENT,
    STEEL,
    WIDTH,
    Colour,
    Passing,
    Pen,
    Place,
)
from simulator.shapes import ahead, beside, flag, hills, house, lamp, of, person, shade, tree


def street(pen: Pen, place: Place, base: float) -> None:
    """A row of narrow town houses along the horizon."""
    x, n = -place.pick(5, 0, 30), 0
    while x < WIDTH:
        w = 46 + 30 * place.pick(n + 12)
        floors = 2 + int(3 * place.pick(n + 20))
        lit = [place.pick(i + n * 5) < 0.3 for i in range(16)]
        house(pen, x, base, w - 3, floors, place.wall(n + 33), lit.__getitem__)
        x, n = x + w, n + 1


def road(pen: Pen, place: Place) -> None:
    """A road out of town that runs to the horizon."""
    vx, vy = place.pick(0, 260, 380), 150.0
    hills(pen, place, vy + 2, place.pick(1, 40, 90), (134, 156, 160))
    pen.box(0, vy, WIDTH, HEIGHT - vy, (136, 152, 108))
    pen.shape([(vx - 6, vy), (vx + 6, vy), (WIDTH + 100, HEIGHT), (-100, HEIGHT)], PAVEMENT)
    pen.shape([(vx - 5, vy), (vx + 5, vy), (WIDTH + 20, HEIGHT), (-20, HEIGHT)], ASPHALT)
    for n in range(9):
        near, far = (0.86 ** (2 * n)) * 1.05, (0.86 ** (2 * n + 1)) * 1.05
        for side in (-0.5, 0, 0.5):
            width = 5 if side == 0 else 3
            bottom = vx + (320 + side * 640 - vx)
            points = [(f, w) for f, w in ((far, -width), (near, -width), (near, width), (far, width))]
            pen.shape([(vx + (bottom - vx + w) * f, vy + 210 * f) for f, w in points], LINE)
    for n in range(6, -1, -1):
        f = 0.72 ** (n + place.pick(2)) * 1.1
        tree(pen, vx + (-150 - vx) * f, vy + 210 * f, 2.6 * f)
        lamp(pen, vx + (WIDTH + 60 - vx) * f, vy + 210 * f, 2.0 * f, -34)
    found = []
    for who in place.passing(8, 4, 15):
        comes = who.lane < 2
        f = 1.7 * (who.part if comes else 1 - who.part) ** 2.4 + 0.03
        found.append((f, comes, who))
    for f, comes, who in sorted(found, key=lambda row: row[0]):
        lane = (80, 240, 400, 560)[who.lane]
        ahead(pen, vx + (lane - vx) * f, vy + 210 * f, f * 0.95, comes, who)


def junction(pen: Pen, place: Place) -> None:
    """A crossing in town: a street across the picture and one that comes towards the camera."""
    street(pen, place, 148)
    pen.box(0, 146, WIDTH, HEIGHT - 146, PAVEMENT)
    pen.box(0, 186, WIDTH, 86, ASPHALT)
    middle = place.pick(0, 250, 390)
    pen.shape([(middle - 34, 146), (middle + 34, 146), (middle + 70, 186), (middle - 70, 186)], ASPHALT)
    pen.shape([(middle - 130, 272), (middle + 130, 272), (middle + 235, 360), (middle - 235, 360)], ASPHALT)
    for x in range(-20, WIDTH, 52):
        if abs(x + 14 - middle) > 112:
            pen.box(x, 228, 28, 2.5, LINE)
    for n in range(-4, 5):
        pen.shape([(middle + n * 29 - 8, 276), (middle + n * 29 + 8, 276),
                   (middle + n * 33 + 9, 298), (middle + n * 33 - 9, 298)], LINE)  # fmt: skip
    for side in (-1, 1):
        tree(pen, middle + side * 215, 182, 1.1)
        lamp(pen, middle + side * 110, 184, 0.95, -side * 26)
    for who in sorted(place.passing(9, 4, 13), key=lambda who: who.lane):
        if who.lane < 3:
            way, y, s = ((-1, 214, 0.9), (1, 250, 1.15), (1, 266, 1.25))[who.lane]
            beside(pen, -110 + 860 * (who.part if way > 0 else 1 - who.part), y, s, way, who)
        else:
            f = who.part**1.6
            ahead(pen, middle + 60 * f + 14, 150 + 320 * f, 0.28 + 0.75 * f, True, who)
    red = place.seconds % 44 < 22
    for post in (middle - 168, middle + 168):
        pen.line([(post, 300), (post, 196)], STEEL, 3)
        pen.box(post - 7, 170, 14, 32, (44, 46, 50), 3)
        for n, colour in enumerate(((206, 48, 40), (60, 58, 40), (56, 164, 96))):
            on = n == (0 if red else 2)
            pen.disc(post, 176 + n * 10, 3.6, colour if on else (70, 70, 70))
            if on:
                pen.light(post, 176 + n * 10, 4, colour)


def _walkers(pen: Pen, place: Place, ways: int, low: float, high: float, slowest_s: float) -> None:
    found = sorted(place.passing(ways, ways, slowest_s), key=lambda who: who.lane)
    for who in found:
        y = low + (high - low) * who.lane / max(1, ways - 1)
        right = place.pick(who.lane + 17) < 0.5
        x = -30 + (WIDTH + 60) * (who.part if right else 1 - who.part)
        person(pen, place, x, y, 0.55 + (y - 150) / 190, who)


def _yard(pen: Pen, ground: Colour) -> None:
    pen.box(0, 200, WIDTH, 160, ground)
    for n in range(4):
        y = 214 + n * n * 12 + n * 12
        pen.line([(0, y), (WIDTH, y)], shade(ground, 0.95), 1)


def gate(pen: Pen, place: Place) -> None:
    """The gate of a public house or a village: wall, pillars, sign, a narrow street before it."""
    hills(pen, place, 150, place.pick(1, 30, 70), (140, 162, 166))
    house(pen, place.pick(0, 180, 240), 190, 220, 3, place.wall(2), lambda n: n % 5 == 1)
    for n in range(6):
        tree(pen, 30 + n * 116 + place.pick(n, -20, 20), 196, 1.0 + 0.3 * place.pick(n + 4))
    _yard(pen, (178, 168, 150))
    wall = place.wall(3)
    for x, w in ((0, 220), (420, 220)):
        pen.box(x, 168, w, 58, wall)
        pen.box(x, 163, w, 7, shade(wall, 0.75))
    for x in (212, 410):
        pen.box(x, 116, 22, 112, shade(wall, 0.86))
        pen.box(x - 3, 112, 28, 7, shade(wall, 0.65))
        pen.light(x + 11, 108, 8)
    pen.box(206, 98, 232, 24, (150, 44, 40), 3)
    pen.box(222, 107, 200, 5, (226, 196, 96))
    pen.box(0, 270, WIDTH, 90, ASPHALT)
    for x in range(10, WIDTH, 60):
        pen.box(x, 314, 32, 3, LINE)
    _walkers(pen, place, 3, 238, 262, 26)
    for who in place.passing(4, 2, 14):
        way = 1 if who.lane else -1
        beside(pen, -110 + 860 * (who.part if way > 0 else 1 - who.part), 306 + 40 * who.lane, 1.4, way, who)


def school(pen: Pen, place: Place) -> None:
    """A school yard with its flag."""
    house(pen, 60, 200, 520, 4, place.wall(2), lambda n: n % 17 == 3)
    pen.box(60, 138, 520, 4, shade(place.wall(2), 0.7))
    pen.box(292, 160, 56, 40, (92, 70, 54))
    _yard(pen, (196, 178, 156))
    for n in range(4):
        tree(pen, 40 + n * 186 + place.pick(n, -16, 16), 214, 1.2)
    flag(pen, place, place.pick(0, 230, 270), 236)
    lamp(pen, 610, 226, 1.0, -24)
    _walkers(pen, place, 9, 226, 336, 30)


def office(pen: Pen, place: Place) -> None:
    """A people's committee or an office: a front with columns, parked cars, a flag."""
    house(pen, 110, 206, 420, 4, place.wall(2), lambda n: n % 9 == 2)
    for n in range(5):
        pen.box(246 + n * 34, 150, 9, 56, (232, 230, 222))
    pen.shape([(234, 150), (322, 118), (402, 150)], shade(place.wall(2), 0.82))
    _yard(pen, (184, 182, 176))
    for x in (40, 90, 560, 612):
        tree(pen, x, 214, 1.2)
    flag(pen, place, 320, 244)
    for n in range(4):
        if place.pick(n + 6) < 0.7:
            beside(pen, 90 + n * 160, 276, 1.1, 1, Passing(0, 0, 0.7, place.pick(n + 2)))
            pen.lights.pop()
    _walkers(pen, place, 5, 290, 346, 28)


def market(pen: Pen, place: Place) -> None:
    """Two rows of stalls under awnings, with people between them."""
    street(pen, place, 130)
    pen.box(0, 128, WIDTH, HEIGHT - 128, (168, 158, 146))
    for row, (y, s) in enumerate(((196, 0.8), (262, 1.1))):
        if row:
            _walkers(pen, place, 5, 214, 232, 34)
        n, x = 0, -40.0
        while x < WIDTH:
            w = 96 * s
            paint = PAINTS[3 + int(4 * place.pick(n * 3 + row + 9))]
            pen.box(x + 4 * s, y - 48 * s, 2, 48 * s, STEEL)
            pen.box(x + 8 * s, y - 20 * s, w - 16 * s, 20 * s, (140, 108, 78))
            for goods in range(6):
                kind = PAINTS[int(len(PAINTS) * place.pick(goods + n * 5 + row))]
                pen.disc(x + (16 + goods * 12.5) * s, y - 21 * s, 5.5 * s, shade(kind, 0.95))
            pen.shape(
                [
                    (x, y - 46 * s),
                    (x + 12 * s, y - 66 * s),
                    (x + w - 12 * s, y - 66 * s),
                    (x + w, y - 46 * s),
                ],
                paint,
            )
            for n_stripe in range(3):
                sx = x + (0.12 + n_stripe * 0.3) * w
                pen.shape(
                    [
                        (sx, y - 46 * s),
                        (sx + 5 * s, y - 66 * s),
                        (sx + 16 * s, y - 66 * s),
                        (sx + 13 * s, y - 46 * s),
                    ],
                    (232, 228, 218),
                )
            pen.light(x + w / 2, y - 38 * s, 8 * s)
            x, n = x + w + 10 * s, n + 1
    _walkers(pen, place, 7, 288, 350, 30)


def _far_shore(pen: Pen, place: Place) -> None:
    """A mole with its light, houses on the other side of the bay."""
    x = place.pick(20, 20, 90)
    for n in range(7):
        w, h = 18 + 14 * place.pick(n + 21), 10 + 16 * place.pick(n + 28)
        pen.box(x, 154 - h, w, h, shade(place.wall(n + 35), 0.9))
        pen.box(x + w * 0.3, 154 - h * 0.7, 4, 4, GLASS)
        if place.pick(n + 42) < 0.6:
            pen.window(x + w * 0.3 + 2, 154 - h * 0.7 + 2, 4, 4)
        x += w + 3
    x = place.pick(44, 470, 570)
    pen.box(x - 46, 158, 150, 5, (128, 128, 124))
    for n in range(3):
        pen.box(x - 5, 118 + n * 13, 10, 13, (206, 60, 48) if n % 2 else (234, 232, 226))
    pen.box(x - 7, 112, 14, 6, (70, 74, 80))
    pen.light(x, 113, 4, (255, 240, 190))


def _moored(pen: Pen, place: Place) -> None:
    """A boat at the quay, and the stacked goods before it."""
    x = place.pick(48, 170, 330)
    pen.shape([(x, 262), (x + 210, 262), (x + 188, 296), (x + 22, 296)], (52, 78, 112))
    pen.box(x, 259, 210, 5, (226, 222, 210))
    pen.box(x + 26, 226, 96, 34, (230, 228, 220), 2)
    for n in range(4):
        pen.box(x + 34 + n * 22, 234, 12, 11, GLASS)
        if place.pick(n + 50) < 0.5:
            pen.window(x + 40 + n * 22, 239.5, 12, 11)
    pen.line([(x + 150, 260), (x + 150, 180)], STEEL, 3)
    pen.line([(x + 150, 186), (x + 196, 226)], STEEL, 2)
    for n in range(3):
        colour = ((176, 84, 52), (64, 116, 128), (190, 156, 74))[int(3 * place.pick(n + 54))]
        pen.box(x - 120 + n * 34, 278 - 20 * (n % 2), 32, 20 + 20 * (n % 2), colour)
        pen.line([(x - 104 + n * 34, 279 - 20 * (n % 2)), (x - 104 + n * 34, 297)], shade(colour, 0.8), 1.5)


def harbour(pen: Pen, place: Place) -> None:
    """A quay, boats, and the islands of the bay."""
    hills(pen, place, 152, place.pick(1, 60, 100), (122, 146, 150))
    pen.box(0, 150, WIDTH, 150, (104, 146, 158))
    _far_shore(pen, place)
    for n in range(40):
        y = 156 + 138 * (n / 40) ** 1.5
        x = (place.pick(n) * WIDTH * 3 + place.seconds * (4 + y / 30)) % (WIDTH + 60) - 60
        pen.line([(x, y), (x + 12 + y / 8, y)], (134, 172, 180), 1)
    for who in sorted(place.passing(5, 5, 90), key=lambda who: who.lane):
        s, y = 0.5 + 0.22 * who.lane, 178 + 24 * who.lane
        way = 1 if place.pick(who.lane) < 0.5 else -1
        x = -120 + (WIDTH + 240) * (who.part if way > 0 else 1 - who.part)
        y += 1.5 * math.sin(place.seconds * 1.3 + who.lane)
        pen.box(x - 26 * s, y - 32 * s, 44 * s, 24 * s, (226, 224, 214), 2 * s)
        for n in range(3):
            pen.box(x + (-21 + n * 13) * s, y - 27 * s, 8 * s, 8 * s, GLASS)
        pen.shape(
            [
                (x - 48 * s, y - 12 * s),
                (x + 48 * s, y - 12 * s),
                (x + way * 6 * s + 36 * s, y),
                (x + way * 6 * s - 36 * s, y),
            ],
            of(who.paint),
        )
        pen.line([(x, y - 32 * s), (x, y - 52 * s)], STEEL, 2 * s)
        pen.box(x, y - 52 * s, 12 * s, 8 * s, (206, 44, 38))
        pen.light(x, y - 40 * s, 6 * s)
    pen.box(0, 296, WIDTH, 64, (166, 162, 154))
    pen.box(0, 294, WIDTH, 5, (120, 118, 114))
    _moored(pen, place)
    for x in range(30, WIDTH, 110):
        pen.box(x, 284, 14, 14, (70, 72, 76), 3)
    lamp(pen, place.pick(0, 60, 120), 318, 1.3, 28)
    lamp(pen, place.pick(2, 500, 560), 318, 1.3, -28)
    _walkers(pen, place, 4, 322, 350, 30)


SCENES: dict[str, Callable[[Pen, Place], None]] = {
    "junction": junction, "road": road, "market": market, "gate": gate, "school": school, "office": office,
    "harbour": harbour,
}  # fmt: skip
