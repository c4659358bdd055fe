"""What the simulator can play, told to those who may not know the simulator."""

from __future__ import annotations

from pathlib import Path

from cockpit.config import ConfigError
from cockpit.stage import Kind, Note, Playbill, Scenario, Step


def playbill(extra: tuple[str, ...] = ()) -> Playbill:
    """Every kind of fault and every scenario; `extra` may name files of scenarios of one's own. Raises
    ConfigError where a scenario cannot be played."""
    from simulator.kinds import KINDS
    from simulator.scenario import ScenarioError, load_scenario, names

    kinds = {
        k.code: Kind(k.code, k.on, k.size, k.unit, k.ramp_s, k.hold_s, k.recovery_s) for k in KINDS.values()
    }
    own = names()
    scenarios = {}
    for code in (*own, *(name for name in extra if name not in own)):
        try:
            s = load_scenario(code if code in own or not code.endswith(".toml") else Path(code))
        except ScenarioError as error:
            raise ConfigError(str(error)) from None
        steps = tuple(Step(x.kind, x.at_ms, x.ramp_ms, x.hold_ms, x.recovery_ms, x.label) for x in s.steps)
        notes = tuple(Note(n.at_ms, n.text) for n in s.notes)
        scenarios[code] = Scenario(code, s.name, s.story, s.start_ms, s.length_ms, steps, notes)
    return Playbill(kinds, scenarios)
