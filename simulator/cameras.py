"""Cameras and their recorders: what an analytics box and a recorder report.

A camera's figures follow what its register entry says it delivers (`fps`, `bitrate_kbps`): moving traffic
makes the picture harder to compress, a congested link loses packets and frames together. How much of the
picture changes from frame to frame follows what the camera looks at, and the traffic of the hour; now and
then headlights or heavy rain change a good part of it.
"""

from __future__ import annotations

from simulator.calendar import STREET
from simulator.signals import Signal

# How much moves before a camera, against a busy junction. Assumptions.
SCENES = (
    ("junction", 1.0), ("road", 0.8), ("market", 0.85), ("school", 0.4), ("gate", 0.25), ("office", 0.25),
    ("harbour", 0.3),
)  # fmt: skip
CAMERA = {
    "fps": Signal(
        level=(0.985, 1.0), walk=0.004, noise=0.006, of="fps",
        spike="congestion", spike_chance=0.006, spike_size=(-0.45, -0.12), spike_s=(60, 600),
    ),
    "loss_pct": Signal(
        level=(0.05, 0.22), daily=(0.0, 0.12), shape=STREET, walk=0.02, noise=0.012,
        spike="congestion", spike_chance=0.006, spike_size=(1.0, 5.5), spike_s=(60, 600),
    ),
    "bitrate_kbps": Signal(
        level=(0.66, 0.78), daily=(0.1, 0.26), shape=STREET, weekend=0.85, walk=0.03, drift=0.015,
        noise=0.025, of="bitrate_kbps",
    ),
    "change_pct": Signal(
        level=(2.0, 3.6), daily=(8.0, 22.0), shape=STREET, weekend=0.85, walk=0.5, noise=0.35,
        spike="glare", spike_chance=0.01, spike_size=(8.0, 25.0), spike_s=(30, 150),
        of="scene", shares=SCENES,
    ),
}  # fmt: skip
RECORDER = {
    "disk_free_pct": Signal(level=(9.0, 24.0), walk=1.2, walk_ms=6 * 3_600_000, drift=1.6, noise=0.05)
}
