"""The OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Paths = Annotated[dict[str, Any], msgspec.Meta(description="What can be asked for, by path and method.")]
Schemas = Annotated[dict[str, Any], msgspec.Meta(description="JSON Schemas by name.")]
Schemes = Annotated[dict[str, Any], msgspec.Meta(description="Ways to say who asks, by name.")]


class License(msgspec.Struct):
    """Under which the cockpit may be used."""

    name: str


class Info(msgspec.Struct):
    """What is described, in its version."""

    title: str
    version: str
    license: License


class Server(msgspec.Struct):
    """Where it is, seen from the document."""

    url: str


class Components(msgspec.Struct):
    """What paths refer to."""

    schemas: Schemas
    security: Schemes = msgspec.field(name="securitySchemes")


class Document(msgspec.Struct):
    """A description of this API after OpenAPI 3.1."""

    openapi: str
    info: Info
    servers: list[Server]
    paths: Paths
    components: Components
