"""Settings of targets as they are written: each is a row more, none is ever changed."""

from __future__ import annotations

from cockpit.domain.targets import TargetVersion
from cockpit.store.handles import Write
from cockpit.store.rows import columns


def add(conn: Write, made: TargetVersion) -> int:
    """Write a setting down; its number, whatever `made` says. Runs inside the writer's transaction."""
    names = columns(TargetVersion).partition(", ")[2]
    done = conn.execute(
        f"INSERT INTO target_version ({names}) VALUES ({', '.join('?' * (len(made) - 1))})", made[1:]
    )
    return int(done.lastrowid or 0)
