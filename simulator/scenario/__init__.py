"""Scenarios: stories of faults, read from TOML, cast on a province, or drawn at random."""

from simulator.scenario.cast import cast
from simulator.scenario.draw import draw
from simulator.scenario.load import load_scenario, names
from simulator.scenario.model import Note, Scenario, ScenarioError, Selector, Step
from simulator.scenario.presets import Preset, load_presets

__all__ = [
    "Note", "Preset", "Scenario", "ScenarioError", "Selector", "Step", "cast", "draw", "load_presets",
    "load_scenario", "names",
]  # fmt: skip
