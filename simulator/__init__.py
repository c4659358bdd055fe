"""A province that stands in for the real one: knows the profile and the wire, nothing of the cockpit inside.

Every event is a pure function of (seed, profile, size, time): of no speed, no batch size and no starting
point.
"""
