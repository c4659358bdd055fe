"""What the simulator can play, told to those who may not know the simulator."""

from __future__ import annotations

from cockpit.stage import Kind, Note, Playbill, Scenario, Step


def playbill(extra: tuple[str, ...] = ()) -> Playbill:
    """Every kind of fault and every scenario; `extra` names files of scenarios of one's own. Raises
    ScenarioError where a scenario cannot be played."""
    from simulator.kinds import KINDS
    from simulator.scenario import load_scenario, names

    kinds = {
        k.code: Kind(k.code, k.on, k.size, k.unit, k.ramp_s, k.hold_s, k.recovery_s) for k in KINDS.values()
    }
    scenarios = {}
    for code in (*names(), *(name for name in extra if name not in names())):
        s = load_scenario(code)
        steps = tuple(Step(x.kind, x.at_ms, x.ramp_ms, x.hold_ms, x.recovery_ms, x.label) for x in s.steps)
        notes = tuple(Note(n.at_ms, n.text) for n in s.notes)
        scenarios[code] = Scenario(code, s.name, s.story, s.start_ms, s.length_ms, steps, notes)
    return Playbill(kinds, scenarios)
