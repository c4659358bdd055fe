"""Path loss, antenna and link budget. Formulas: 3GPP TR 38.901 (v19.4.0) RMa and UMa, TR 36.942
for the sector antenna, a smooth-sea fit to ITM medians. Losses are in dB, distances 2-D in metres. Results
carry the rounding of log10 and are meant to be rounded to 0.1 dB before they leave. The simulated air and the
prediction of what a new site would reach are made of the same formulas.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

C = 3.0e8  # the round figure TR 38.901's published vectors are made with
AXIS_DBI = 15.0  # gain of a sector on its axis
NOISE_RE_DBM = -125.2  # thermal noise in 15 kHz with a noise figure of 7 dB


def free_space(ghz: F64 | float, d: F64) -> F64:
    """Free-space loss at distance d."""
    return np.asarray(20 * np.log10(np.maximum(d, 1.0) * 1e-3) + 20 * np.log10(ghz) + 92.45)


def rma_los(ghz: F64 | float, d2: F64, hb: F64 | float = 35.0, hm: F64 | float = 1.5, h: float = 5.0) -> F64:
    """Rural macro, line of sight: 10 m to 10 km."""
    d3 = np.sqrt(d2 * d2 + (np.asarray(hb) - hm) ** 2)
    bp = 2 * np.pi * np.asarray(hb) * hm * np.asarray(ghz) * 1e9 / C
    near = _rma1(ghz, d3, h)
    far = _rma1(ghz, bp, h) + 40 * np.log10(d3 / bp)
    return np.asarray(np.where(d2 <= bp, near, far))


def _rma1(ghz: F64 | float, d3: F64, h: float) -> F64:
    a = min(0.03 * h**1.72, 10.0)
    b = min(0.044 * h**1.72, 14.77)
    return np.asarray(
        20 * np.log10(40 * np.pi * d3 * ghz / 3) + a * np.log10(d3) - b + 0.002 * np.log10(h) * d3
    )


def rma_nlos(
    ghz: F64 | float, d2: F64, hb: F64 | float = 35.0, hm: F64 | float = 1.5, h: float = 5.0, w: float = 20.0
) -> F64:
    """Rural macro without line of sight: 10 m to 5 km, used a little beyond."""
    d3 = np.sqrt(d2 * d2 + (np.asarray(hb) - hm) ** 2)
    loss = (
        161.04
        - 7.1 * np.log10(w)
        + 7.5 * np.log10(h)
        - (24.37 - 3.7 * (h / np.asarray(hb)) ** 2) * np.log10(hb)
        + (43.42 - 3.1 * np.log10(hb)) * (np.log10(d3) - 3)
        + 20 * np.log10(ghz)
        - (3.2 * np.log10(11.75 * np.asarray(hm)) ** 2 - 4.97)
    )
    return np.asarray(np.maximum(rma_los(ghz, d2, hb, hm, h), loss))


def uma_los(ghz: F64 | float, d2: F64, hb: F64 | float = 25.0, hm: F64 | float = 1.5) -> F64:
    """Urban macro, line of sight: to 5 km."""
    d3 = np.sqrt(d2 * d2 + (np.asarray(hb) - hm) ** 2)
    bp = 4 * (np.asarray(hb) - 1) * (np.asarray(hm) - 1) * np.asarray(ghz) * 1e9 / C
    near = 28 + 22 * np.log10(d3) + 20 * np.log10(ghz)
    far = 28 + 40 * np.log10(d3) + 20 * np.log10(ghz) - 9 * np.log10(bp**2 + (np.asarray(hb) - hm) ** 2)
    return np.asarray(np.where(d2 <= bp, near, far))


def uma_nlos(ghz: F64 | float, d2: F64, hb: F64 | float = 25.0, hm: F64 | float = 1.5) -> F64:
    """Urban macro without line of sight."""
    d3 = np.sqrt(d2 * d2 + (np.asarray(hb) - hm) ** 2)
    loss = 13.54 + 39.08 * np.log10(d3) + 20 * np.log10(ghz) - 0.6 * (np.asarray(hm) - 1.5)
    return np.asarray(np.maximum(uma_los(ghz, d2, hb, hm), loss))


def sea(ghz: F64 | float, d: F64, hb: F64 | float = 60.0, hm: F64 | float = 1.5) -> F64:
    """Over smooth sea: within about 2 dB of ITM medians for hb 30–60 m to 50 km. Ducting is left out."""
    km = np.maximum(d, 1.0) * 1e-3
    plane = 120 + 40 * np.log10(km) - 20 * np.log10(np.asarray(hb) * hm)
    k = np.where(np.asarray(ghz) < 1.5, 0.006, 0.0075)
    return np.asarray(np.maximum(free_space(ghz, d), plane) + k * km * km + 1.0)


def p_los(d2: F64, urban: Bools) -> F64:
    """Chance of a line of sight: UMa in towns, RMa elsewhere."""
    d = np.maximum(d2, 1.0)
    uma = np.where(d <= 18, 1.0, 18 / d + np.exp(-d / 63) * (1 - 18 / d))
    rma = np.where(d <= 10, 1.0, np.exp(-(d - 10) / 1000))
    return np.where(urban, uma, rma)


def path_loss(ghz: F64, d2: F64, hb: F64, hm: float, urban: Bools, los: Bools, sea_share: F64) -> F64:
    """Loss of mixed paths: the land model weighed with the sea model by the share of sea."""
    d = np.maximum(d2, 10.0)
    town = np.where(los, uma_los(ghz, d, np.maximum(hb, 10.0), hm), uma_nlos(ghz, d, hb, hm))
    rural = np.where(los, rma_los(ghz, d, hb, hm), rma_nlos(ghz, d, hb, hm))
    land = np.where(urban, town, rural)
    return np.where(sea_share > 0, land * (1 - sea_share) + sea(ghz, d, hb, hm) * sea_share, land)


def sector_gain(off_deg: F64) -> F64:
    """TR 36.942 sector: 15 dBi, −min(12 (φ/65)², 20) dB off its axis. Feeder loss is inside."""
    off = (off_deg + 180.0) % 360.0 - 180.0
    return np.asarray(AXIS_DBI - np.minimum(12 * (off / 65.0) ** 2, 20.0))


def carrier_re_dbm(carrier_dbm: float, blocks: int) -> float:
    """Power of one resource element: a carrier of `blocks` resource blocks shared by 12 elements each."""
    return float(carrier_dbm - 10 * np.log10(12 * blocks))


def rsrq_db(rsrp_dbm: F64, load: F64, others_mw: F64) -> F64:
    """N·RSRP/RSSI for one antenna port: −3.01 dB with reference symbols alone, −10.79 dB at full load.

    `load` is the own cell's share of busy resource elements, `others_mw` what all else brings per element.
    """
    own = 10.0 ** (rsrp_dbm / 10)
    return np.asarray(10 * np.log10(own / (own * (2 + 10 * load) + 12 * others_mw)))


def speed_mbps(sinr_db: F64, mhz: F64 | float, share: F64 | float) -> F64:
    """Shannon with 0.65 efficiency and a cap of 4.4 bit/s/Hz per layer, two layers where the signal is
    good."""
    bits = np.minimum(0.65 * np.log2(1 + 10.0 ** (sinr_db / 10)), 4.4)
    layers = np.where(sinr_db > 10, 1.6, 1.0)
    return np.asarray(bits * layers * mhz * share)
