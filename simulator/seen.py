"""Radio samples in columns, and as lines of JSON."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.daybook import TAGS
from simulator.encode import Chunk
from simulator.radio import Heard, Radio
from simulator.rng import F64, I64, U64, Bools
from simulator.zone import Zone

DEAF_DBM = -125.0
"""What a phone's receiver still decodes: a phone that hears nothing stronger has no network."""

_TAG = np.uint64(TAGS["sample"] << 60)


@dataclass(frozen=True, slots=True)
class Seen:
    """What devices measured, in columns: where, when, behind which walls, and what they heard."""

    device: I64
    step: I64
    t: I64
    operator: I64
    x: F64
    y: F64
    accuracy: F64
    indoor: Bools
    heard: Heard

    @property
    def hears(self) -> Bools:
        return np.asarray(self.heard.rsrp >= DEAF_DBM)

    def of(self, rows: Bools) -> Seen:
        """Some of the rows."""
        h = self.heard
        heard = Heard(
            h.rsrp[rows], h.rsrq[rows], h.sinr[rows], h.down[rows], h.up[rows], h.cell[rows]
        )  # fmt: skip
        return Seen(
            self.device[rows], self.step[rows], self.t[rows], self.operator[rows], self.x[rows], self.y[rows],
            self.accuracy[rows], self.indoor[rows], heard,
        )  # fmt: skip


class Writer:
    """Writes samples of one source."""

    def __init__(self, radio: Radio, zone: Zone, source: str, rank: int, names: list[str]) -> None:
        """`names`: of devices, by number."""
        self._radio, self._zone = radio, zone
        self._source, self._rank, self._names = source, rank, names

    def lines(self, seen: Seen, sent: I64) -> Chunk:
        """Samples of devices with network."""
        heard, radio = seen.heard, self._radio
        sector = heard.cell + 3 * radio.base * radio.copy_of(seen.device)
        columns = (
            _column(heard.rsrp, 1, -140, -44), _column(heard.rsrq, 1, -19.5, -3),
            _column(heard.sinr, 1, -20, 30), _column(heard.down, 1, 0.1, 300), _column(heard.up, 1, 0.1, 100),
            [f',"cell":"{radio.cells[c]}"' if own >= 0 else ""
             for c, own in zip(sector.tolist(), heard.cell.tolist(), strict=True)],
        )  # fmt: skip
        found = [
            f'"rsrp_dbm":{rsrp},"rsrq_db":{rsrq},"sinr_db":{sinr},"down_mbps":{down},"up_mbps":{up}{cell}'
            for rsrp, rsrq, sinr, down, up, cell in zip(*columns, strict=True)
        ]
        return self._chunk(seen, sent, found)

    def without_network(self, seen: Seen, sent: I64) -> Chunk:
        """Samples of devices that had none: at most the receiver's floor, and nothing else is known."""
        return self._chunk(seen, sent, [f'"rsrp_dbm":{DEAF_DBM}'] * len(sent))

    def _chunk(self, seen: Seen, sent: I64, measured: list[str]) -> Chunk:
        device, step = seen.device.astype(np.uint64), seen.step.astype(np.uint64)
        ids: U64 = _TAG | (device << np.uint64(32)) | step
        lon, lat = self._radio.plane.lonlat(seen.x, seen.y)
        names, operators = self._names, self._radio.operators
        rows = zip(
            [f"{i:016x}" for i in ids.tolist()], [names[i] for i in seen.device.tolist()],
            self._zone.isos(seen.t), self._zone.isos(sent), [operators[o] for o in seen.operator.tolist()],
            _column(lat, 5, -90, 90), _column(lon, 5, -180, 180), _column(seen.accuracy, 1, 1, 100),
            measured, ["true" if i else "false" for i in seen.indoor.tolist()], strict=True,
        )  # fmt: skip
        lines = [
            f'{{"specversion":"1.0","id":"{i}","source":"{self._source}","type":"ioc.sample","subject":"{name}",'
            f'"time":"{time}","sent":"{at}","data":{{"operator":"{operator}","lat":{la},"lon":{lo},'
            f'"accuracy_m":{accuracy},{what},"indoor":{wall}}}}}'
            for i, name, time, at, operator, la, lo, accuracy, what, wall in rows
        ]
        return Chunk(sent, np.full(len(lines), self._rank, dtype=np.int64), ids, lines)


def _column(values: F64, decimals: int, lo: float, hi: float) -> list[float]:
    found: list[float] = np.round(np.clip(values, lo, hi), decimals).tolist()
    return found


def joined(chunks: list[Chunk]) -> Chunk:
    """Several chunks as one, not yet in order."""
    if len(chunks) == 1:
        return chunks[0]
    return Chunk(
        np.concatenate([c.sent for c in chunks]),
        np.concatenate([c.rank for c in chunks]),
        np.concatenate([c.id for c in chunks]),
        [line for c in chunks for line in c.lines],
    )
