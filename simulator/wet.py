"""Rain in a picture: haze, the shine of wet ground, streaks, drops on the glass."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from simulator.pen import HEIGHT, WIDTH, Colour

GROUND = 205
"""Below this line the ground shines."""


def haze(image: Image.Image, rain: float, day: float) -> Image.Image:
    """Colours fade towards the grey of the rain, the more the farther away (higher up)."""
    grey = tuple(round(34 + (164 - 34) * day + c) for c in (0, 3, 8))
    ramp = np.linspace(0.46, 0.14, HEIGHT)[:, None] * rain * 255
    mask = Image.fromarray(np.broadcast_to(ramp, (HEIGHT, WIDTH)).astype(np.uint8))
    return Image.composite(Image.new("RGB", image.size, grey), image, mask)


def shine(image: Image.Image, rain: float) -> Image.Image:
    """The ground mirrors what stands above it."""
    low = HEIGHT - GROUND
    above = image.crop((0, max(0, GROUND - low), WIDTH, GROUND))
    mirror = ImageOps.flip(above).resize((WIDTH // 4, 12)).resize((WIDTH, low), Image.Resampling.BICUBIC)
    ramp = np.linspace(0.42, 0.2, low)[:, None] * rain * 255
    mask = Image.fromarray(np.broadcast_to(ramp, (low, WIDTH)).astype(np.uint8))
    ground = image.crop((0, GROUND, WIDTH, HEIGHT))
    image.paste(Image.composite(mirror, ground, mask), (0, GROUND))
    return image


def streaks(rng: np.random.Generator, rain: float, day: float) -> Image.Image:
    """Falling drops as light to add."""
    found = Image.new("L", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(found)
    count = round(90 + 420 * rain)
    x, y = rng.uniform(-20, WIDTH, count), rng.uniform(-30, HEIGHT, count)
    near = rng.uniform(0.3, 1.0, count)
    slant = 0.18
    for px, py, n in zip(x.tolist(), y.tolist(), near.tolist(), strict=True):
        long = (10 + 24 * n) * (0.7 + 0.3 * rain)
        draw.line((px, py, px - slant * long, py + long), round((22 + 38 * n) * (0.55 + 0.45 * day)), 1)
    return found.filter(ImageFilter.BoxBlur(0.4))


def drops(image: Image.Image, rng: np.random.Generator, rain: float) -> Image.Image:
    """Drops on the glass: small, upside down and out of focus."""
    for _ in range(round(9 * rain)):
        r = int(rng.uniform(5, 13))
        x, y = int(rng.uniform(r, WIDTH - r)), int(rng.uniform(40, HEIGHT - 40))
        box = (x - 2 * r, y - 2 * r, x + 2 * r, y + 2 * r)
        patch = ImageOps.flip(image.crop(box).resize((2 * r, 2 * r), Image.Resampling.BOX))
        patch = patch.point([min(255, round(v * 1.08 + 8)) for v in range(256)] * 3)
        mask = Image.new("L", patch.size)
        ImageDraw.Draw(mask).ellipse((1, 0, 2 * r - 2, 2 * r - 1), 205)
        image.paste(patch, (x - r, y - r), mask.filter(ImageFilter.BoxBlur(1)))
    return image


def overcast(colour: Colour, rain: float) -> Colour:
    """A colour of the sky under rain clouds of the same brightness."""
    grey = sum(colour) / 3 * (1 - 0.08 * rain)
    share = 0.85 * math.sqrt(rain)
    r, g, b = (round(c + (grey - c) * share) for c in colour)
    return r, g, b
