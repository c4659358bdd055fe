"""Schemas of what comes and goes, made from the types that are decoded and encoded."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

Json = dict[str, Any]
REF = "#/components/schemas/{name}"


class Shapes:
    """The schemas of a document, each there once under the name of its type."""

    def __init__(self) -> None:
        self.schemas: Json = {}

    def taken(self, kind: Any) -> Json:
        """The schema of a type that is decoded, a reference where it has a name; what it holds is described,
        too. Raises ValueError where two types have one name."""
        (schema,), found = msgspec.json.schema_components([kind], ref_template=REF)
        for name, one in found.items():
            self._put(name, one)
        return schema

    def given(self, kind: Any) -> Json:
        """The same of a type that is encoded: a member with a default is always there all the same."""
        (schema,), found = msgspec.json.schema_components([kind], ref_template=REF)
        for name, one in found.items():
            members = one.get("properties", {})
            usual = [key for key, member in members.items() if "default" in member]
            for key in usual:
                del members[key]["default"]
            if usual:
                one["required"] = [key for key in members if key in one["required"] or key in usual]
            self._put(name, one)
        return schema

    def named(self, name: str, schema: Json) -> Json:
        """A schema put under a name; the reference to it."""
        self._put(name, schema)
        return {"$ref": REF.format(name=name)}

    def _put(self, name: str, schema: Json) -> None:
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
        if self.schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two shapes are called {name}")
