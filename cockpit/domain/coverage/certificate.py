"""How good a plan of sites is: the most people any plan of its size could gain, by integer programming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cockpit.domain.coverage.placement import Plan, Reach, Wish

SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Certificate:
    """`optimum`: what the best plan gains, or where it was not `proved` in the time, what no plan can exceed.
    `ratio` of the plan to it, 0..1; 1 where there is nothing to gain."""

    optimum: int
    ratio: float
    proved: bool


def certify(
    people: Mapping[str, int], reach: Reach, wish: Wish, plan: Plan, seconds: float = SECONDS
) -> Certificate:
    """Of a plan under the same wish; a least share per unit is left out, so the bound is one without it.

    Maximal covering (Church and ReVelle 1974), solved by HiGHS: only whether a site is built is whole.
    """
    fixed = {cell for site in wish.fixed for cell in reach.get(site, ()) if cell in people}
    sites = [s for s in sorted(reach) if s not in wish.excluded and s not in wish.fixed]
    column = {site: n for n, site in enumerate(sites)}
    served: dict[str, list[int]] = {}
    for site in sites:
        for cell in reach[site]:
            if people.get(cell, 0) > 0 and cell not in fixed:
                served.setdefault(cell, []).append(column[site])
    # Cells that the same sites reach are one to the solver.
    weights: dict[tuple[int, ...], int] = {}
    for cell, by in served.items():
        key = tuple(by)
        weights[key] = weights.get(key, 0) + people[cell]
    before = sum(people[cell] for cell in fixed)
    if not weights:
        return _of(plan, before, proved=True)
    bound, proved = _solve(weights, np.array([wish.price(s) for s in sites], dtype=np.float64), wish, seconds)
    optimum = before + bound
    if not proved and wish.sites is not None:
        optimum = min(optimum, plan.total + _still(people, reach, sites, plan, wish.sites))
    return _of(plan, optimum, proved=proved)


def _still(people: Mapping[str, int], reach: Reach, sites: list[str], plan: Plan, n: int) -> int:
    """What the `n` best sites would still add to the plan one by one: as gains never rise, no other plan
    exceeds this one by more."""
    served = {cell for step in plan.steps for cell in step.cells}
    gains = (sum(people[c] for c in reach[s] if c in people and c not in served) for s in sites)
    return sum(sorted(gains, reverse=True)[:n])


def _solve(
    weights: Mapping[tuple[int, ...], int], costs: np.ndarray, wish: Wish, seconds: float
) -> tuple[int, bool]:
    # Brought in where it is needed: half a second that no page has to wait for.
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    keys = sorted(weights)
    n, m = len(costs), len(keys)
    rows, columns, values = [], [], []
    for row, key in enumerate(keys):
        rows += [row] * (len(key) + 1)
        columns += [*key, n + row]
        values += [1.0] * len(key) + [-1.0]
    limits = [LinearConstraint(csr_array((values, (rows, columns)), shape=(m, n + m)), 0, np.inf)]
    nothing = np.zeros(m)
    if wish.sites is not None:
        limits.append(LinearConstraint(np.concatenate([np.ones(n), nothing])[None, :], 0, wish.sites))
    if wish.budget is not None:
        limits.append(LinearConstraint(np.concatenate([costs, nothing])[None, :], 0, wish.budget))
    gains = np.array([weights[key] for key in keys], dtype=np.float64)
    found = milp(
        -np.concatenate([np.zeros(n), gains]),
        constraints=limits,
        integrality=np.concatenate([np.ones(n), nothing]),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.status == 0:
        return round(-found.fun), True
    bound = found.mip_dual_bound
    # Without a bound in time, everybody who can be reached.
    return (sum(weights.values()) if bound is None or not np.isfinite(bound) else int(-bound + 1e-6)), False


def _of(plan: Plan, optimum: int, *, proved: bool) -> Certificate:
    best = max(optimum, plan.total)
    return Certificate(best, plan.total / best if best else 1.0, proved)
