"""Measurements: each command of `cockpit bench` and what it needs to start, drive and watch a cockpit."""
