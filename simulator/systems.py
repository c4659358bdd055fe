"""Figures of departmental systems: a few numbers every five minutes, hour, day, week or month.

Levels come from published figures where there are any (said beside them); the others are assumptions of an
ordinary province, and so are all slopes and swings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cockpit.domain.catalog import Asset
from simulator.calendar import (
    DAY_MS,
    HOUR_MS,
    OFFICE,
    ONLINE,
    WORK_HOURS,
    Shape,
    date_of,
    day_of,
    day_start,
    is_workday,
    minute_of_day,
    minutes,
    season,
    trips,
    weekday,
    work_weight,
)  # fmt: skip
from simulator.daybook import Entry
from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import F64, I64, Stream
from simulator.world import World

_START = dt.date(2026, 1, 1).toordinal() - 719163
SENT_AFTER_MS = (500, 4_000)
CROWD, CROWD_MOST = 0.5, 2.0
"""What a crowd in one unit adds to visitors, in shares of a weekend's swing, and what all add at most."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure on 1 January 2026, its change a day, its noise, and what it follows."""

    level: float
    slope: float = 0.0
    noise: float = 0.0
    shape: Shape | None = None  # share of the day's peak at an hour
    work: bool = False  # follows how busy a working day is
    tourist: float = 0.0  # share added at weekends and on holidays
    season: bool = False  # follows the months of visitors
    island: bool = False  # nobody comes when ferries do not run
    year: bool = False  # runs from 0 to `level` over the year, slowly at first


FIGURES = {
    # The portal's monitor. Assumptions: a province that is good (another one had 80.1 in August 2024),
    # with online services and digitised files behind the rest.
    "pt_cong_khai": Figure(15.6, 0.0025, 0.02), "pt_tien_do": Figure(18.4, 0.001, 0.03),
    "pt_dvctt": Figure(9.3, 0.002, 0.02), "pt_thanh_toan": Figure(8.9, 0.001, 0.02),
    "pt_hai_long": Figure(17.2, 0.0005, 0.02), "pt_so_hoa": Figure(17.7, 0.003, 0.03),
    # Means of the provinces, October 2025: 37 % fully online, 56.2 % partly.
    "toan_trinh_pct": Figure(37.0, 0.02), "mot_phan_pct": Figure(56.2, -0.015),
    "toan_trinh_dung_pct": Figure(71.0, 0.02, 0.2),
    "ngay_xu_ly": Figure(3.8, 0.0, 0.15), "dung_lai_pct": Figure(38.0, 0.03, 0.4),
    "ky_so_pct": Figure(100.0),
    "ho_so_mang_pct": Figure(100.0), "nhiem_vu_pct": Figure(95.5, 0.003, 0.5),
    # 148 tỷ đồng were allotted to projects in 2023.
    "giai_ngan_pct": Figure(94.0, year=True), "giai_ngan_ty": Figure(148 * 0.94, year=True),
    "lgsp_ok_pct": Figure(99.55, 0.0, 0.12), "lgsp_calls": Figure(2600.0, 0.6, 90.0, ONLINE, work=True),
    "du_lieu_mo": Figure(142.0, 0.08), "csdl_chuyen_nganh": Figure(61.0, 0.02),
    "thon_4g_pct": Figure(98.1, 0.002), "cap_quang_pct": Figure(97.9, 0.001),
    "sua_camera_gio": Figure(27.0, 0.0, 2.5),
    "co_quan_gui_pct": Figure(98.2, 0.0, 0.5), "nguoi_co_mat": Figure(5350.0, 0.0, 25.0, OFFICE),
    "cap_do_pct": Figure(86.0, 0.02), "may_doc_hai": Figure(7.0, -0.004, 1.6),
    "su_co_gio": Figure(15.0, 0.0, 1.4),
    "ipv6_pct": Figure(58.0, 0.02, 0.4),
    # 16.7 million visitors in ten months of 2024, about 19 million in the year.
    "khach": Figure(44_000.0, 10.0, 3_500.0, tourist=0.6, season=True),
    "dat_phong": Figure(2_900.0, 1.0, 210.0, tourist=0.5, season=True),
    "kham_tu_xa": Figure(74.0, 0.03, 8.0, work=True), "ho_so_suc_khoe_pct": Figure(86.0, 0.015),
    "lop_truc_tuyen": Figure(118.0, 0.05, 11.0, work=True),
    "ocop_pct": Figure(70.0, 0.012),
    "don_ocop": Figure(640.0, 0.4, 55.0, tourist=0.25),  # 70 % in September 2022
    "vneid_pct": Figure(88.0, 0.01), "xac_thuc_pct": Figure(100.0),  # all verified in September 2022
    "to_cong_nghe": Figure(1_452.0, 0.02), "ntm_tieu_chi": Figure(17.6, 0.001),
    "ho_dao_bang_rong_pct": Figure(96.5, 0.004),
    "khach_dao": Figure(620.0, 0.2, 80.0, tourist=0.7, season=True, island=True),
}  # fmt: skip


class Systems:
    """Observations of the assets of kind `system`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._assets = [
            world.profile.assets[i] for i in world.members.get("system", np.zeros(0, np.int64)).tolist()
        ]
        units, people = world.profile.units, sum(u.population for u in world.profile.units)
        self._islands = {u.code for u in units if u.kind == "dac_khu"}
        self._share = {u.code: u.population / people for u in units}
        self._noise = {code: Stream(world.seed, f"systems/{code}") for code in FIGURES}
        self._tables = {s: minutes(s) for s in (OFFICE, ONLINE)}

    def day(self, day: int) -> Iterator[Entry]:
        """Everything departmental systems send on a day."""
        for asset in self._assets:
            yield from self._entries(asset, day)

    def matters(self, episode: Episode, day: int) -> bool:
        """Whether an episode changes figures of a day: storms, crowds, and what keeps systems silent."""
        known = episode.kind in ("storm", "crowd", "source_silent")
        return known and episode.start_ms < day_start(day + 1) and episode.end_ms > day_start(day - 1)

    def last(self, until: int) -> Iterator[Entry]:
        """The newest figure of each system sent before `until`, looked for up to 40 days back."""
        for asset in self._assets:
            for day in range(int(day_of(until)), int(day_of(until)) - 40, -1):
                found = [e for e in self._entries(asset, day) if e.sent < until]
                if found:
                    yield found[-1]
                    break

    @property
    def assets(self) -> list[Asset]:
        return self._assets

    def figures(self, asset: Asset, day: int) -> tuple[I64, dict[str, I64]]:
        """Instants of a day and, by metric, the integers sent then."""
        times = self._times(asset, day)
        if len(times):
            index = np.array([self._world.at[asset.code]], dtype=np.int64)
            times = times[~self._world.state("silent", index, times)]
        return times, {
            code: self._values(code, asset.id, day, times) for code in str(asset.attrs["metrics"]).split()
        }

    def _entries(self, asset: Asset, day: int) -> Iterator[Entry]:
        times, figures = self.figures(asset, day)
        scales = {code: self._world.profile.metric[code].scale for code in figures}
        columns = {c: v.tolist() if scales[c] == 1 else (v / scales[c]).tolist() for c, v in figures.items()}
        for n, time in enumerate(times.tolist()):
            wait = SENT_AFTER_MS[0] + (time // 1000 * 7919 + asset.id) % (SENT_AFTER_MS[1] - SENT_AFTER_MS[0])
            number = (asset.id << 32) | (time // 1000 & 0xFFFFFFFF)
            values = {code: column[n] for code, column in columns.items()}
            yield Entry(
                time, time + wait, asset.source, "observation", asset.code, number, {"values": values}
            )

    def _going(self, f: Figure, times: I64) -> F64:
        """What storms leave of a figure and crowds add to it, 1 on an ordinary day.

        Ferries to the islands stop for all when one of them lies in a storm; elsewhere offices close and
        visitors stay away in the units that it crosses.
        """
        left, more = np.ones(len(times)), np.zeros(len(times))
        for e in self._world.episodes if f.tourist or f.shape or f.work else ():
            if e.unit not in self._share:
                continue
            island = e.unit in self._islands
            strength = self._felt(e, times) * (e.size or KINDS[e.kind].size)
            if e.kind == "crowd" and (island or not f.island):
                more += strength * CROWD * f.tourist
            elif e.kind == "storm" and f.island and island:
                left = np.minimum(left, 1.0 - np.clip(strength * 2.0, 0.0, 0.99))
            elif e.kind == "storm" and not f.island:
                left = left - 0.9 * np.clip(strength, 0.0, 1.0) * self._share[e.unit]
        return np.asarray(np.maximum(left, 0.0) * (1.0 + np.minimum(more, CROWD_MOST)))

    @staticmethod
    def _felt(e: Episode, times: I64) -> F64:
        """Strength at the instants; for the one figure of a day its mean over the 24 hours before."""
        if len(times) > 1:
            return e.strength(times)
        return np.asarray(e.strength(times[:, None] - np.arange(24) * HOUR_MS).mean(axis=1))

    def _times(self, asset: Asset, day: int) -> I64:
        start, entity, rhythm_s = day_start(day), asset.id, asset.rhythm_s
        office = self._world.profile.source[asset.source].calendar == "workdays"
        if office and not is_workday(day):
            return np.zeros(0, dtype=np.int64)
        if rhythm_s < 86_400:
            first = (entity * 37_000) % (rhythm_s * 1000)
            times = np.arange(start + first, start + DAY_MS, rhythm_s * 1000, dtype=np.int64)
            if not office:
                return times
            minute = minute_of_day(times)
            return times[np.logical_or.reduce([(minute >= a) & (minute < b) for a, b in WORK_HOURS])]
        date = date_of(day)
        if (rhythm_s == 604_800 and weekday(day) != 0) or (rhythm_s > 604_800 and date.day != 2 + entity % 4):
            return np.zeros(0, dtype=np.int64)
        # The night's figures, early in the morning.
        return np.array([start + 6 * HOUR_MS + (entity * 613_000) % (2 * HOUR_MS)], dtype=np.int64)

    def _values(self, code: str, entity: int, day: int, times: I64) -> I64:
        f, metric = FIGURES[code], self._world.profile.metric[code]
        if f.year:
            gone = date_of(day).timetuple().tm_yday / 365.0
            level = f.level * gone * (0.6 + 0.4 * gone)
        else:
            level = f.level + f.slope * (day - _START)
        if f.work:
            level *= work_weight(day)
        if f.tourist:
            level *= 1.0 + f.tourist * trips(day)
        if f.season:
            level *= season(day)
        going = self._going(f, times)
        value = np.full(len(times), level) * going
        if f.shape:
            value = value * self._tables[f.shape][minute_of_day(times)]
        if f.noise:
            wobble = self._noise[code].gauss(entity, times // 1000)
            value = value + f.noise * wobble * np.minimum(going, 1.0)
        return np.asarray(np.rint(np.clip(value, metric.lo, metric.hi) * metric.scale), dtype=np.int64)
