"""OpenAPI 3.1 of the API: all schemas come from the types that are decoded and encoded."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from cockpit import __version__
from cockpit.web import openapi_paths
from cockpit.web.answers.document import Components, Document, Info, License, Server
from cockpit.web.openapi_shapes import Shapes


@lru_cache(maxsize=1)
def document() -> bytes:
    """The whole document as JSON."""
    shapes = Shapes()
    return msgspec.json.encode(
        Document(
            openapi="3.1.0",
            info=Info("Province cockpit", __version__, License("Apache-2.0")),
            servers=[Server("/")],
            paths=openapi_paths.Paths(shapes).all(),
            components=Components(shapes.schemas, {"token": {"type": "http", "scheme": "bearer"}}),
        )
    )
