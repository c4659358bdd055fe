"""Components of our own, registered with the server that runs now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest


class Packaged:
    """A folder with `frontend/` as a component. Files that are served need no exception in the CSP.

    Streamlit finds packaged components among installed distributions; the cockpit runs from a clone, so it
    hands the manifest in itself.
    """

    def __init__(
        self, name: str, folder: Path, *, js: str, css: str, html: str, own_styles: bool = True
    ) -> None:
        """`own_styles` keeps the page's styles out, and its own in."""
        self._name, self._folder = name, folder
        self._parts: dict[str, Any] = {"js": js, "css": css, "html": html, "isolate_styles": own_styles}
        self._mount: Any = None
        self._manager: Any = None

    def __call__(self, **options: Any) -> Any:
        """Mount it; `options` as of a component's mounting command."""
        manager = get_bidi_component_manager()
        if self._mount is None or manager is not self._manager:
            manifest = ComponentManifest("cockpit", "1", [ComponentConfig(self._name, "frontend")])
            manager.register_from_manifest(manifest, self._folder)
            self._mount = st.components.v2.component(f"cockpit.{self._name}", **self._parts)
            self._manager = manager
        return self._mount(**options)
