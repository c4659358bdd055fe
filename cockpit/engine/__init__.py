"""Evaluates what arrives: freshness, thresholds, alerts, indicators. One engine a store."""

from cockpit.engine.loop import Engine

__all__ = ["Engine"]
