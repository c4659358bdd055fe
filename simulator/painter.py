"""Paints what a simulated camera sees: a schematic scene in the light of the hour, marked as simulated.

A picture is a pure function of scene, seed, camera and instant, and of what the air and a fault do to it. It
is generated and looks it: plain shapes, a little sensor noise, the camera's clock, and a mark that says what
it is.
"""

from __future__ import annotations

import datetime as dt
import io
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from simulator import damage, wet
from simulator.damage import WHOLE, Damage
from simulator.optics import exposure
from simulator.pen import FINE, HEIGHT, WIDTH, Colour, Pen, Place
from simulator.rng import F64
from simulator.scenes import SCENES
from simulator.sky import Sky
from simulator.zone import Zone

QUALITY = 80
HORIZON = 210
"""Sky is painted down to here; what a scene draws covers the rest."""

_NIGHT, _DUSK = (0.36, 0.39, 0.50), (0.92, 0.76, 0.70)
_SKIES: dict[str, tuple[Colour, Colour]] = {
    "day": ((134, 180, 222), (222, 232, 236)),
    "dusk": ((116, 122, 170), (250, 186, 128)),
    "night": ((44, 54, 86), (96, 104, 128)),
}


def paint(
    sky: Sky,
    scene: str,
    seed: int,
    asset_id: int,
    t_ms: int,
    online: bool = True,
    *,
    rain: float = 0.0,
    busy: float | None = None,
    faults: Damage = WHOLE,
) -> bytes:
    """A JPEG of 640 × 360. An unknown scene is painted as a road.

    `sky`: that over the province, for light and clock. `t_ms`: milliseconds since the epoch, domain time.
    `rain` and `busy` (how many of the ways are used) are shares from 0 to 1; without `busy` it follows the
    light. Without a camera on the line (`online` false) it is the dark field a recorder shows for a dead
    channel, with clock and mark.
    """
    if online:
        image = _seen(sky, scene, seed, asset_id, t_ms, rain, busy, faults)
    else:
        image = Image.new("RGB", (WIDTH, HEIGHT), (24, 26, 30))
    _stamp(image, sky.zone, None if faults.no_clock else t_ms)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _seen(
    sky: Sky, scene: str, seed: int, asset_id: int, t_ms: int, rain: float, busy: float | None, faults: Damage
) -> Image.Image:
    """The scene through the lens and out of the sensor."""
    day, dusk = (float(x[0]) for x in sky.light(np.array([t_ms], dtype=np.int64)))
    place = Place(seed, asset_id, t_ms, 0.35 + 0.55 * day if busy is None else busy)
    rng = np.random.default_rng((abs(seed), asset_id, t_ms))
    image = _scene(scene, place, rain, day, dusk)
    if rain > 0:
        image = wet.drops(ImageChops.add(image, _grey(wet.streaks(rng, rain, day))), rng, rain)
    if faults.moved > 0:
        image = damage.moved(image, place, faults.moved)
    if faults.blurred > 0:
        image = damage.blurred(image, faults.blurred)
    pixels = np.asarray(image, np.float64) * float(exposure(seed, np.array([asset_id]))[0])
    if faults.covered > 0:
        opacity, colours = damage.cover(place, faults.covered, day)
        pixels = pixels + (colours - pixels) * opacity
    if faults.colour > 0:
        pixels = pixels * (1 + (np.array(damage.PINK) - 1) * faults.colour)
    usual = damage.GRAIN_NIGHT + (damage.GRAIN_DAY - damage.GRAIN_NIGHT) * day
    pixels = (pixels + damage.grain(rng, (HEIGHT, WIDTH), faults.noise, usual)) * (1 - faults.black)
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def _scene(scene: str, place: Place, rain: float, day: float, dusk: float) -> Image.Image:
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
    image.paste(_sky(round(day, 2), round(dusk, 2), round(rain, 1)))
    pen = Pen(image)
    SCENES.get(scene, SCENES["road"])(pen, place)
    image = image.reduce(FINE).point(_curve(round(day, 2), round(dusk, 2)))
    if rain > 0:
        image = wet.haze(image, rain, day)
    if day < 0.9:
        image = ImageChops.add(image, _glow(pen, 1 - day))
    return wet.shine(image, rain) if rain > 0 else image


@lru_cache(maxsize=4)
def _sky(day: float, dusk: float, rain: float) -> Image.Image:
    """Two colours, one above the other; light and dusk in steps of a hundredth."""
    clear = _mix(np.array(_SKIES["night"], float), np.array(_SKIES["day"], float), day)
    top, low = (wet.overcast(tuple(c), rain) for c in _mix(clear, np.array(_SKIES["dusk"], float), dusk))
    rows = np.linspace(0, 1, HORIZON * FINE)[:, None, None]
    band = _mix(np.array(top, float), np.array(low, float), rows) + np.zeros((1, WIDTH * FINE, 1))
    return Image.fromarray(band.astype(np.uint8))


@lru_cache(maxsize=4)
def _curve(day: float, dusk: float) -> list[int]:
    """What the light of the hour leaves of each of 256 values, for red, green and blue."""
    by = _mix(_mix(np.array(_NIGHT), np.ones(3), day), np.array(_DUSK), dusk * 0.8)
    table: list[int] = (by[:, None] * np.arange(256)).astype(int).ravel().tolist()
    return table


def _glow(pen: Pen, dark: float) -> Image.Image:
    """Lamps, windows and headlights, the glow around them and what they light of the ground."""
    sharp = Image.new("RGB", (WIDTH, HEIGHT))
    soft = Image.new("RGB", (WIDTH // 4, HEIGHT // 4))
    for image, scale in ((soft, 4), (sharp, 1)):
        draw = ImageDraw.Draw(image)
        for kind, x, y, w, h, colour in pen.lights:
            if kind == "pool" and image is sharp:
                continue
            frame = ((x - w) / scale, (y - h) / scale, (x + w) / scale, (y + h) / scale)
            fill = tuple(round(c * dark) for c in colour)
            (draw.rectangle if kind == "window" else draw.ellipse)(frame, fill)
    halo = soft.filter(ImageFilter.BoxBlur(3)).resize(sharp.size)
    return ImageChops.add(sharp.filter(ImageFilter.BoxBlur(0.8)), halo)


def _grey(light: Image.Image) -> Image.Image:
    return Image.merge("RGB", (light, light, light))


def _stamp(image: Image.Image, zone: Zone, t_ms: int | None) -> None:
    """The camera's clock, if it shows one, and the mark."""
    draw = ImageDraw.Draw(image)
    if t_ms is not None:
        own = dt.timezone(dt.timedelta(milliseconds=zone.offset_ms))
        text = dt.datetime.fromtimestamp(t_ms // 1000, own).strftime("%d/%m/%Y %H:%M:%S")
        draw.text((12, 8), text, (255, 255, 255), _font(17), stroke_width=2, stroke_fill=(20, 22, 26))
    mark = _mark()
    x, y = WIDTH - mark.width - 10, HEIGHT - mark.height - 8
    draw.rounded_rectangle((x - 8, y - 4, x + mark.width + 7, y + mark.height + 3), 4, (74, 48, 122))
    image.paste((255, 255, 255), (x, y), mark)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@cache
def _mark() -> Image.Image:
    """MÔ PHỎNG as a mask. The only font that is always there has no Vietnamese letters: the roof of the
    first O and the hook of the second are drawn above plain ones."""
    fine, size = 4, 17
    font = _font(size * fine)
    mask = Image.new("L", (104 * fine, 27 * fine))
    draw = ImageDraw.Draw(mask)
    x, base, pen = 0.0, 22 * fine, 2 * fine - 1
    for letter in "MO PHONG":
        draw.text((x, base), letter, 255, font, anchor="ls")
        wide = font.getlength(letter)
        middle, top = x + wide / 2, base - size * fine * 0.8
        if letter == "O" and x < 30 * fine:
            roof = [(middle - 4 * fine, top), (middle, top - 4 * fine), (middle + 4 * fine, top)]
            draw.line(roof, 255, pen, joint="curve")
        elif letter == "O":
            bow = (middle - 3 * fine, top - 7 * fine, middle + 3 * fine, top - 2 * fine)
            draw.arc(bow, 190, 90, 255, pen - 1)
            draw.line([(middle, top - 3 * fine), (middle, top)], 255, pen - 1)
        x += wide + fine
    mask = mask.crop((0, 0, round(x), mask.height))
    return mask.resize((mask.width // fine, mask.height // fine), Image.Resampling.LANCZOS)


def _mix(a: F64, b: F64, share: float | F64) -> F64:
    return np.asarray(a + (b - a) * share)
