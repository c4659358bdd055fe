"""Plays scenarios through the cockpit and compares what was alerted with what really happened."""
