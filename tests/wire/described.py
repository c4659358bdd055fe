"""The OpenAPI document held against answers, strictly: what it does not name may not be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from cockpit.domain.instants import NotAnInstant, parse

JSON = "application/json"
FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time", NotAnInstant)(lambda text: not isinstance(text, str) or parse(text) >= 0)


class Described:
    """The document of a cockpit, and which of its shapes answers have shown so far."""

    def __init__(self, client: TestClient) -> None:
        document = client.get("/api/v1/openapi.json").json()
        self.paths: dict[str, Any] = document["paths"]
        self.shapes: dict[str, Any] = _closed(document["components"]["schemas"])
        self.seen: set[str] = set()
        for shape in self.shapes.values():
            Draft202012Validator.check_schema(shape)

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Path, method and answers by status."""
        for path, methods in self.paths.items():
            for method, operation in methods.items():
                yield path, method, operation["responses"]

    def schemas(self) -> Iterator[tuple[str, Any]]:
        """The schema of every answer in JSON, with where it stands."""
        for path, method, responses in self.operations():
            for status, response in responses.items():
                if JSON in response.get("content", {}):
                    yield f"{method} {path} {status}", response["content"][JSON]["schema"]

    def must_fit(self, path: str, method: str, answer: Any) -> None:
        """Nothing that the document asks for is missing, and nothing is there that it does not name."""
        schema = dict(self.schemas())[f"{method} {path} {answer.status_code}"]
        wrong = [f"{e.json_path}: {e.message[:200]}" for e in self._errors(schema, answer.json())]
        assert not wrong, (method, path, wrong)
        self._note(schema, answer.json())

    def answered(self) -> set[str]:
        """Every shape that the document says an answer may have."""
        found: set[str] = set()
        waiting = [schema for _, schema in self.schemas()]
        while waiting:
            for name in _names(waiting.pop()) - found:
                found.add(name)
                waiting.append(self.shapes[name])
        return found

    def silent(self) -> Iterator[str]:
        """Places of answers where anything may be, and nothing says what."""
        for where, schema in self.schemas():
            yield from self._silent(schema, where)
        for name in self.answered():
            yield from self._silent(self.shapes[name], name)

    def holds(self, schema: Any) -> bool:
        """Whether it is an object with members, or a list or a map of such."""
        if "$ref" in schema:
            return self.holds(self.shapes[schema["$ref"].rpartition("/")[2]])
        inner = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
        return bool(schema.get("properties")) or any(isinstance(i, dict) and self.holds(i) for i in inner)

    def _errors(self, schema: Any, value: Any) -> Iterator[Any]:
        around = {**schema, "components": {"schemas": self.shapes}}
        yield from Draft202012Validator(around, format_checker=FORMATS).iter_errors(value)

    def _note(self, schema: Any, value: Any) -> None:
        """Remember every shape that a part of an answer has."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            self.seen.add(name)
            schema = self.shapes[name]
        for choice in schema.get("anyOf", ()):
            if not any(self._errors(choice, value)):
                self._note(choice, value)
        if isinstance(value, list) and isinstance(schema.get("items"), dict):
            for item in value[:50]:
                self._note(schema["items"], item)
        if isinstance(value, dict):
            others = schema.get("additionalProperties")
            for name, member in value.items():
                inner = schema.get("properties", {}).get(name, others)
                if isinstance(inner, dict):
                    self._note(inner, member)

    def _silent(self, schema: Any, where: str) -> Iterator[str]:
        inner = schema.get("items")
        if schema.get("properties"):
            for name, one in schema["properties"].items():
                yield from self._silent(one, f"{where}.{name}")
        elif isinstance(inner, dict):
            yield from self._silent(inner, f"{where}[]")
        elif "anyOf" in schema:
            for one in schema["anyOf"]:
                yield from self._silent(one, where)
        elif schema.get("type") in ("object", "array"):
            if not schema.keys() & {"description", "prefixItems"}:
                yield where
        elif not schema.keys() & {"$ref", "type", "enum"}:
            yield where


def _closed(schema: Any) -> Any:
    """The same, with every object that names its members shut for others."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(one) for name, one in schema.items()}
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return made


def _names(schema: Any) -> set[str]:
    """The shapes that a schema refers to."""
    parts = schema if isinstance(schema, list) else schema.values() if isinstance(schema, dict) else ()
    found: set[str] = set().union(*map(_names, parts))
    if isinstance(schema, dict) and "$ref" in schema:
        found.add(schema["$ref"].rpartition("/")[2])
    return found
