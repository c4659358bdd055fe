"""Things that simulated cameras see: people, vehicles, houses, trees, lamps, hills."""

from __future__ import annotations

import math
from collections.abc import Callable

from simulator.pen import GLASS, GREEN, PAINTS, SKIN, STEEL, TRUNK, WIDTH, Colour, Passing, Pen, Place, Point


def of(paint: float) -> Colour:
    return PAINTS[int(paint * len(PAINTS))]


def shade(colour: Colour, by: float) -> Colour:
    return (round(colour[0] * by), round(colour[1] * by), round(colour[2] * by))


def hills(pen: Pen, place: Place, base: float, tall: float, colour: Colour) -> None:
    """Limestone hills on the horizon."""
    points: list[Point] = [(0, base)]
    for x in range(0, WIDTH + 8, 8):
        up = 0.0
        for n in range(7):
            away = (x - WIDTH * (n + place.pick(n + 30)) / 7) / (22 + 50 * place.pick(n + 40))
            up = max(up, place.pick(n + 50, 0.3, 1.0) / (1 + away**4))
        points.append((x, base - tall * up))
    pen.shape([*points, (WIDTH, base)], colour)


def tree(pen: Pen, x: float, y: float, s: float) -> None:
    pen.box(x - 3 * s, y - 30 * s, 6 * s, 30 * s, TRUNK)
    for dx, dy, r in ((-11, -38, 14), (11, -40, 15), (0, -52, 17)):
        pen.disc(x + dx * s, y + dy * s, r * s, shade(GREEN, 0.86 + 0.006 * (dx + 11)))


def lamp(pen: Pen, x: float, y: float, s: float, reach: float) -> None:
    """A street lamp whose arm reaches to one side."""
    pen.line([(x, y), (x, y - 120 * s), (x + reach * s, y - 126 * s)], STEEL, 3 * s)
    pen.light(x + reach * s, y - 124 * s, 9 * s)
    pen.pool(x + reach * s, y - 2 * s, 60 * s)


def person(pen: Pen, place: Place, x: float, y: float, s: float, who: Passing) -> None:
    """Someone on foot, feet at (x, y), about 46·s high; some wear a conical hat."""
    swing = 5 * s * math.sin(place.seconds * 7 + who.paint * 40)
    for side in (-1, 1):
        pen.line([(x, y - 20 * s), (x + side * swing, y)], (52, 54, 62), 4 * s)
    pen.box(x - 6 * s, y - 37 * s, 12 * s, 20 * s, of(who.paint), 4 * s)
    pen.disc(x, y - 41 * s, 4.5 * s, SKIN)
    if who.kind < 0.35:
        pen.shape([(x - 9 * s, y - 42 * s), (x, y - 50 * s), (x + 9 * s, y - 42 * s)], (226, 208, 160))


def beside(pen: Pen, x: float, y: float, s: float, way: int, who: Passing) -> None:
    """A vehicle seen from its side, wheels at y; `way` is +1 to the right. Motorbikes are the most."""
    paint = of(who.paint)
    front = x + way * (22 if who.kind < 0.6 else 46 if who.kind < 0.9 else 76) * s
    if who.kind < 0.6:
        for dx in (-14, 14):
            pen.disc(x + dx * s, y - 7 * s, 7 * s, (40, 42, 46))
            pen.disc(x + dx * s, y - 7 * s, 3 * s, STEEL)
        pen.line(
            [(x - way * 16 * s, y - 15 * s), (x + way * 6 * s, y - 13 * s), (x + way * 13 * s, y - 24 * s)],
            paint,
            6 * s,
        )
        pen.box(x - 7 * s - way * 2 * s, y - 36 * s, 12 * s, 20 * s, of(1 - who.paint - 1e-9), 4 * s)
        pen.disc(x - way * 2 * s, y - 40 * s, 5.5 * s, shade(paint, 0.8))
    else:
        long, high = (92, 20) if who.kind < 0.9 else (152, 46)
        if who.kind < 0.9:
            roof = [(-32, -19), (-20, -36), (14, -36), (30, -19)]
            pen.shape([(x + way * dx * s, y + dy * s) for dx, dy in roof], shade(paint, 0.92))
            glass = [(-26, -20), (-17, -33), (11, -33), (23, -20)]
            pen.shape([(x + way * dx * s, y + dy * s) for dx, dy in glass], GLASS)
        pen.box(x - long / 2 * s, y - (high + 6) * s, long * s, high * s, paint, 5 * s)
        if who.kind >= 0.9:
            pen.box(x - 68 * s, y - 44 * s, 136 * s, 16 * s, GLASS, 2 * s)
        for wheel in (x - long * 0.3 * s, x + long * 0.3 * s):
            pen.disc(wheel, y - 7 * s, 8 * s, (36, 38, 42))
            pen.disc(wheel, y - 7 * s, 3.5 * s, STEEL)
    pen.light(front, y - 15 * s, 5 * s, (255, 244, 214))


def ahead(pen: Pen, x: float, y: float, s: float, comes: bool, who: Passing) -> None:
    """A vehicle seen from the front or from behind, wheels at y, s = 1 at the lower edge of the picture."""
    paint = of(who.paint)
    lamps: Colour = (255, 244, 214) if comes else (220, 40, 30)
    if who.kind < 0.6:
        pen.box(x - 5 * s, y - 34 * s, 10 * s, 34 * s, (40, 42, 46), 4 * s)
        pen.box(x - 18 * s, y - 50 * s, 36 * s, 5 * s, STEEL)
        pen.box(x - 15 * s, y - 78 * s, 30 * s, 42 * s, paint, 9 * s)
        pen.disc(x, y - 88 * s, 12 * s, shade(of(1 - who.paint - 1e-9), 0.9))
        pen.light(x, y - 40 * s, 6 * s, lamps)
        return
    w, h = (104.0, 46.0) if who.kind < 0.9 else (124.0, 104.0)
    for dx in (-0.38, 0.38):
        pen.box(x + dx * w * s - 9 * s, y - 22 * s, 18 * s, 22 * s, (36, 38, 42), 3 * s)
    if who.kind < 0.9:
        top = [(-0.40, -h), (-0.30, -h - 36), (0.30, -h - 36), (0.40, -h)]
        pen.shape([(x + dx * w * s, y + dy * s) for dx, dy in top], shade(paint, 0.92))
        glass = [(-0.34, -h), (-0.26, -h - 30), (0.26, -h - 30), (0.34, -h)]
        pen.shape([(x + dx * w * s, y + dy * s) for dx, dy in glass], GLASS)
    pen.box(x - w / 2 * s, y - (h + 8) * s, w * s, h * s, paint, 7 * s)
    if who.kind >= 0.9:
        pen.box(x - 50 * s, y - 102 * s, 100 * s, 42 * s, GLASS, 4 * s)
    for dx in (-0.36, 0.36):
        pen.disc(x + dx * w * s, y - 30 * s, 6 * s, lamps if not comes else (240, 236, 220))
        pen.light(x + dx * w * s, y - 30 * s, 7 * s, lamps)


def house(
    pen: Pen, x: float, y: float, w: float, floors: int, colour: Colour, lit: Callable[[int], bool]
) -> None:
    """A house front standing at y, 30 pixels a floor, with windows some of which are lit at night."""
    high = floors * 30
    pen.box(x, y - high, w, high, colour)
    pen.box(x - 3, y - high - 5, w + 6, 6, shade(colour, 0.8))
    columns = max(1, int(w // 30))
    for n in range(floors * columns):
        wx = x + (n % columns + 0.5) * w / columns - 8
        wy = y - high + n // columns * 30 + 7
        pen.box(wx, wy, 16, 15, GLASS)
        if lit(n):
            pen.window(wx + 8, wy + 7.5, 16, 15)


def flag(pen: Pen, place: Place, x: float, y: float) -> None:
    pen.line([(x, y), (x, y - 130)], STEEL, 3)
    wave = [2.5 * math.sin(place.seconds * 5 + n) for n in range(5)]
    upper = [(x + n * 10, y - 130 + wave[n] * n / 3) for n in range(5)]
    pen.shape([*upper, *[(px, py + 27) for px, py in reversed(upper)]], (206, 44, 38))
    cx, cy = x + 20, y - 116 + wave[2] * 0.6
    star = [(a, 8.0 if n % 2 == 0 else 3.2) for n, a in enumerate(math.pi * (k / 5 - 0.5) for k in range(10))]
    pen.shape([(cx + r * math.cos(a), cy + r * math.sin(a)) for a, r in star], (246, 208, 66))
