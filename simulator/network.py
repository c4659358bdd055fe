"""Links, mobile sites, their cells and loudspeaker clusters as their monitors report them.

Latency and use of a link follow office hours, load of a cell the mobile traffic of a day, temperature of a
shelter the sun. Levels are ordinary ones of the field, not measurements of a real network.
"""

from __future__ import annotations

from simulator.calendar import HEAT, MOBILE, OFFICE
from simulator.signals import Signal

LINK = {
    "latency_ms": Signal(
        level=(4.0, 14.0), daily=(0.5, 4.0), shape=OFFICE, weekend=0.3, walk=0.5, noise=0.4,
        spike="latency", spike_chance=0.01, spike_size=(60.0, 240.0), spike_s=(120, 420),
    ),
    "util_pct": Signal(
        level=(9.0, 20.0), daily=(20.0, 48.0), shape=OFFICE, weekend=0.25, walk=2.0, drift=1.0, noise=1.0
    ),
}  # fmt: skip
SITE = {
    "temp_c": Signal(level=(22.0, 26.0), daily=(2.0, 9.0), shape=HEAT, walk=0.4, drift=0.8, noise=0.1),
}
CELL = {
    "prb_pct": Signal(
        level=(4.0, 10.0), daily=(18.0, 58.0), shape=MOBILE, weekend=0.95, walk=3.0, drift=2.0, noise=1.6
    ),
    "users": Signal(
        level=(1.0, 6.0), daily=(12.0, 95.0), shape=MOBILE, weekend=0.97, walk=2.0, drift=1.5, noise=1.6
    ),
    "drop_pct": Signal(
        level=(0.1, 0.3), daily=(0.0, 0.25), shape=MOBILE, walk=0.02, noise=0.02,
        spike="drop", spike_chance=0.0015, spike_size=(1.5, 5.0), spike_s=(1200, 2700),
    ),
}  # fmt: skip
LOUDSPEAKER = {"volume_db": Signal(level=(78.0, 92.0), walk=0.6, drift=0.8, noise=0.3)}
