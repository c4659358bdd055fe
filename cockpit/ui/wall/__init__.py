"""The wall: screens that follow each other on a big display, without menu, pointer or person.

Plain HTML from the views that the pages have, fetched by a small script. A session of the app that stays open
for days grows in the browser and on the server; this keeps nothing but the screen it shows.
"""

from __future__ import annotations

from cockpit.ui.wall.frame import SCREENS, document, part

__all__ = ["SCREENS", "document", "part"]
