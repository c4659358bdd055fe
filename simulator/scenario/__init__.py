"""Scenarios: stories of faults, read from TOML, cast on a province, or drawn at random."""

from simulator.scenario.cast import cast
from simulator.scenario.draw import draw
from simulator.scenario.load import load_scenario, names
from simulator.scenario.model import Note, Scenario, ScenarioError, Selector, Step

__all__ = ["Note", "Scenario", "ScenarioError", "Selector", "Step", "cast", "draw", "load_scenario", "names"]
