"""Who somebody is here: the roles that decide what they may do, for pages, tokens and commands alike."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["leader", "unit_leader", "operator", "officer", "admin", "presenter"]
"""Lãnh đạo tỉnh, lãnh đạo đơn vị, trực ban, cán bộ đơn vị, quản trị; a presenter is there in a demo only."""

ROLES: tuple[Role, ...] = get_args(Role)

Reader = Literal["reader"]
"""Whoever only looks: no role at all."""

OF_A_UNIT: frozenset[Role] = frozenset({"unit_leader", "officer"})
"""Roles that mean something only together with a unit."""


def roles_of(*, demo: bool) -> tuple[Role, ...]:
    """The roles there are in a demo, and in earnest."""
    return ROLES if demo else tuple(role for role in ROLES if role != "presenter")
