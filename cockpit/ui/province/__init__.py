"""The drawing of the province: one SVG of areas, coast, neighbours and names, for the home page and the wall.

Nothing of Streamlit is in it: the door that serves it stands in the engine's process as well.
"""

from __future__ import annotations

from cockpit.ui.province.drawing import ROOMS, Drawing, Picture, of_profile

__all__ = ["ROOMS", "Drawing", "Picture", "of_profile"]
