"""The cockpit of a province's intelligent operations centre."""

from pathlib import Path

__version__ = "0.2.0"

ROOT = Path(__file__).resolve().parent.parent
"""The clone the product runs from: holds app.py, pages/ and cockpit/."""
