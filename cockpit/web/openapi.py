"""OpenAPI 3.1 of the API. Schemas of events come from the structs that decode them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from cockpit import __version__
from cockpit.commands.presenting import MAX_STEP_S
from cockpit.demo.state import MAX_SECONDS
from cockpit.domain import registers
from cockpit.domain.coverage import technologies
from cockpit.ingest.binary import READ
from cockpit.ingest.codes import Code
from cockpit.ingest.decode import TYPE_BATCH, TYPE_EVENT, TYPE_JSON, TYPE_LINES
from cockpit.ingest.events import Event
from cockpit.web import openapi_commands
from cockpit.web.api_commands import MAX_ENTRIES
from cockpit.web.api_demo import ClockOrder
from cockpit.web.api_params import MAX_ASSETS
from cockpit.web.api_read import MAX_LIMIT
from cockpit.web.api_registers import EntryAnswer, EntryWithHistory, GapsAnswer
from cockpit.web.api_stage import LINES, FaultOrder, ScenarioOrder

Json = dict[str, Any]

REF = "#/components/schemas/{name}"
TIME: Json = {"type": "string", "format": "date-time"}
TEXT: Json = {
    "type": "object",
    "properties": {"vi": {"type": "string"}, "en": {"type": "string"}},
    "required": ["vi", "en"],
}
NUMBER: Json = {"type": "number"}
WHOLE: Json = {"type": "integer"}
WORD: Json = {"type": "string"}


def _ref(name: str) -> Json:
    return {"$ref": REF.format(name=name)}


def _object(required: Json, optional: Json | None = None) -> Json:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _schemas() -> Json:
    kinds = (Event, ClockOrder, FaultOrder, ScenarioOrder, EntryAnswer, EntryWithHistory, GapsAnswer)
    _, found = msgspec.json.schema_components(kinds, ref_template=REF)
    _tighten(found)
    rejected = _object(
        {
            "index": WHOLE,
            "id": WORD,
            "code": {"type": "string", "enum": [str(c) for c in Code]},
            "reason": WORD,
        }
    )
    lengths = {"ramp_s": NUMBER, "hold_s": NUMBER, "recovery_s": NUMBER, "size": NUMBER}
    fault = _object({"id": WHOLE, "asset": WORD, "kind": WORD, "from": TIME, "until": TIME, **lengths})
    begun = _object({"code": WORD, "from": TIME}, {"until": TIME})
    kind = _object({"kind": WORD, "on": _list(WORD), "unit": WORD, **lengths})
    played = {"scenarios": _list(_ref("RunningScenario")), "faults": _list(_ref("Fault"))}
    error = _object(
        {"code": WORD, "reason": WORD}, {"where": WORD, "found": _or_null(WORD), "expected": WORD}
    )
    point = {"time": TIME, "value": NUMBER}
    return {
        **found,
        **openapi_commands.schemas(),
        "Event": {"oneOf": [_ref(name) for name in _event_names(found)]},
        "Accepted": _object({"accepted": WHOLE, "duplicates": WHOLE, "rejected": _list(rejected)}),
        "Error": _object({"error": error}),
        "Ready": _object({"ready": {"type": "boolean"}}),
        "Fault": fault,
        "FaultKind": kind,
        "RunningScenario": begun,
        "Scenario": _object(
            {
                "code": WORD, "name": TEXT, "story": TEXT, "start": TIME, "length_s": NUMBER,
                "from": _or_null(TIME),
            }
        ),
        "Clock": _object(
            {
                "domain": TIME, "wish": TIME, "watermark": TIME, "grant": TIME, "speed": NUMBER,
                "reached": NUMBER, "paused": {"type": "boolean"}, "step": _or_null(TIME), "epoch": WHOLE,
                "start": _or_null(_object({"domain": TIME, "bytes": WHOLE})), **played,
                "ended": _object(played),
            }
        ),
        "Latest": _object(
            {
                "latest": _list(
                    _object({"asset": WORD, "metric": WORD, "received": TIME, "unit": WORD, **point})
                )
            }
        ),
        "Observations": _object(
            {"asset": WORD, "metric": WORD, "unit": WORD, "observations": _list(_object(point))}
        ),
        "Rollups": _object(
            {
                "asset": WORD, "metric": WORD, "unit": WORD, "level": WORD,
                "rollups": _list(
                    _object({"time": TIME, "n": WHOLE, "sum": NUMBER, "min": NUMBER, "max": NUMBER})
                ),
            }
        ),
        "Pulse": _object(
            {
                "revision": WHOLE, "domain_ms": _or_null(WHOLE), "tick_age_s": _or_null(NUMBER),
                "speed": _or_null(NUMBER), "reached": _or_null(NUMBER),
                "paused": _or_null({"type": "boolean"}),
                "ready": {"type": "boolean"},
            }
        ),
    }  # fmt: skip


def _tighten(schemas: Json) -> None:
    """What the structs cannot say: limits that the door checks with a reason of its own."""
    order = schemas["FaultOrder"]["properties"]
    order["seconds"] = _or_null({"type": "integer", "minimum": 1, "maximum": MAX_SECONDS})
    numbers: Json = {"type": "array", "items": NUMBER, "minItems": 24, "maxItems": 24}
    schemas["Hours"]["properties"] = dict.fromkeys(("n", "sum", "min", "max"), numbers)
    schemas["SampleData"]["properties"]["tech"] = _or_null({"type": "string", "enum": list(technologies.ALL)})
    clock = schemas["ClockOrder"]["properties"]
    clock["speed"] = _or_null({"type": "number", "minimum": 1, "maximum": 600})
    clock["step"] = _or_null({"type": "number", "exclusiveMinimum": 0, "maximum": MAX_STEP_S})
    clock["jump"] = _or_null(TIME)
    local = {"type": "string", "format": "uri", "examples": ["http://127.0.0.1:8600"]}
    schemas["ClockOrder"]["properties"]["pictures"] = _or_null(local)
    for name in _event_names(schemas):
        fields = schemas[name]["properties"]
        fields["time"] = TIME
        del fields["data_base64"]  # taken as null alone, which says nothing
        fields["id"].update(minLength=1, maxLength=128)


def _event_names(schemas: Json) -> list[str]:
    return [n for n in schemas if "specversion" in schemas[n].get("properties", {})]


def _error(text: str) -> Json:
    return {"description": text, "content": {TYPE_JSON: {"schema": _ref("Error")}}}


def _ok(schema: Json, text: str = "Found") -> Json:
    return {"description": text, "content": {TYPE_JSON: {"schema": schema}}}


_READ_ERRORS: Json = {
    "400": _error("A parameter cannot be used: where, what was found, what is expected"),
    "401": _error("No token or an unknown one; reading is open on loopback"),
    "403": _error("The token's role does not allow this"),
    "503": _error("Starting, or the store cannot answer"),
}


def _get(summary: str, schema: Json, params: list[Json] | None = None, more: Json | None = None) -> Json:
    return {
        "summary": summary,
        "parameters": params or [],
        "security": [{}, {"token": []}],
        "responses": {"200": _ok(schema), **_READ_ERRORS, **(more or {})},
    }


def _query(name: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _limit(high: int, default: int) -> Json:
    return _query("limit", {"type": "integer", "minimum": 1, "maximum": high, "default": default})


def _order(summary: str, schema: str, success: Json) -> Json:
    return {
        "summary": summary,
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {TYPE_JSON: {"schema": _ref(schema)}}},
        "responses": {
            **success,
            **_READ_ERRORS,
            "404": _error("No demo"),
            "413": _error("Body too large"),
        },
    }


_NOT_NOW: Json = {"409": _error("Not now: it is so already, or the stage is being set")}


def _end(summary: str, params: list[Json]) -> Json:
    return {
        "summary": summary,
        "parameters": params,
        "security": [{"token": []}],
        "responses": {
            "200": _ok({"type": "object"}, "Done"),
            **_READ_ERRORS,
            "404": _error("Nothing is there"),
        },
    }


def _attribute(name: str) -> Json:
    told = "Of the binary content mode, where the body is the event's data alone; percent-encoded UTF-8"
    return {"name": name, "in": "header", "description": told, "schema": WORD}


def _events() -> Json:
    event, batch = {"schema": _ref("Event")}, {"schema": {"type": "array", "items": _ref("Event")}}
    either = {"schema": {"oneOf": [_ref("Event"), {"type": "array", "items": _ref("Event")}]}}
    lines = {"schema": {"type": "string", "description": "One event a line"}}
    return {
        "summary": "Send events; the answer comes after the commit",
        "security": [{"token": []}],
        "parameters": [
            {"name": "Content-Encoding", "in": "header", "schema": {"enum": ["gzip", "identity"]}},
            *(_attribute(name) for name in sorted(READ)),
        ],
        "requestBody": {
            "required": True,
            "content": {TYPE_BATCH: batch, TYPE_EVENT: event, TYPE_JSON: either, TYPE_LINES: lines},
        },
        "responses": {
            "202": _ok(_ref("Accepted"), "Committed; also when every event was refused"),
            "400": _error("The body is no JSON, or damaged gzip, or headers are no attributes of an event"),
            "401": _error("No token or an unknown one"),
            "403": _error("The token covers no source, or not that of an event; nothing was stored"),
            "408": _error("The body took longer than 2 minutes"),
            "413": _error("More than 8 MiB, counted after inflating, or more than 100,000 events"),
            "415": _error("A content type or encoding that is not spoken here"),
            "429": _error("More is waiting than can be written: see Retry-After"),
            "503": _error("Starting, or the store cannot write: see Retry-After"),
        },
    }


def _paths() -> Json:
    asset, metric = _query("asset", WORD, required=True), _query("metric", WORD, required=True)
    span = [_query("from", TIME), _query("to", TIME)]
    level = _query("level", {"enum": ["1m", "1h", "1d"], "default": "1h"})
    state = _query("state", {"enum": ["open", "muted", "closed"], "default": "open"})
    many = _query("asset", {"type": "array", "items": WORD, "maxItems": MAX_ASSETS})
    anything: Json = {"type": "object"}
    listed = {name: _object({name: _list(anything)}) for name in ("alerts", "sources", "quarantine")}
    in_path = [{"name": n, "in": "path", "required": True, "schema": WORD} for n in ("source", "id")]
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    gone = {"404": _error("Nothing is there")}
    text = {"description": "Prometheus text", "content": {"text/plain": {"schema": WORD}}}
    faults = _object({"faults": _list(_ref("Fault")), "kinds": _list(_ref("FaultKind"))})
    code = {"name": "code", "in": "path", "required": True, "schema": WORD}
    scenarios = _object({"scenarios": _list(_ref("Scenario"))})
    begun = _object({"scenarios": _list(_ref("RunningScenario"))})
    commands = _object({"commands": _list(_ref("CommandLine"))})
    entries = _object({"audit": _list(_ref("AuditEntry"))})
    told = [*span, _query("actor", WORD), _query("name", WORD), _limit(MAX_ENTRIES, 1000)]
    kind = {"name": "kind", "in": "path", "required": True, "schema": {"enum": list(registers.KINDS)}}
    entries_of: Json = {"type": "object", "additionalProperties": _list(_ref("EntryAnswer"))}
    lines = {"description": "JSON lines", "content": {LINES: {"schema": WORD}}}
    return {
        "/api/v1/events": {"post": _events()},
        "/api/v1/events/{source}/{id}": {"get": _get("Is an event stored?", anything, in_path, gone)},
        "/api/v1/catalog": {"get": _get("Assets, metrics, sources, units, indicators", anything)},
        "/api/v1/latest": {"get": _get("The newest values", _ref("Latest"), [many])},
        "/api/v1/observations": {
            "get": _get(
                "Single values", _ref("Observations"), [asset, metric, *span, _limit(MAX_LIMIT, 1000)]
            )
        },
        "/api/v1/rollups": {"get": _get("Values by period", _ref("Rollups"), [asset, metric, level, *span])},
        "/api/v1/alerts": {"get": _get("Alerts", listed["alerts"], [state, _limit(MAX_LIMIT, 1000)])},
        "/api/v1/sources": {"get": _get("Feeds and their state", listed["sources"])},
        "/api/v1/quarantine": {
            "get": _get("Refused events", listed["quarantine"], [_query("source", WORD), _limit(1000, 100)])
        },
        "/api/v1/coverage/gaps": {"get": _get("Open coverage gaps", _ref("GapsAnswer"))},
        "/api/v1/registers/{kind}": {
            "get": _get(
                "Entries of a register",
                entries_of,
                [kind, _query("state", WORD), _query("unit", WORD), _limit(MAX_LIMIT, 1000)],
                gone,
            )
        },
        "/api/v1/registers/{kind}/{id}": {
            "get": _get("An entry and its life", _ref("EntryWithHistory"), [kind, number], gone)
        },
        "/api/v1/home": {"get": _get("What the home screen shows", anything)},
        "/api/v1/clock": {
            "get": _get("Domain time of a demo", _ref("Clock"), None, gone),
            "post": _order(
                "Set speed, pause, step, jump ahead, go back to the start; report watermark and pictures",
                "ClockOrder",
                {"200": _ok(_ref("Clock")), **_NOT_NOW},
            ),
        },
        "/api/v1/faults": {
            "get": _get("Faults in force", faults, None, gone),
            "post": _order("Order a fault", "FaultOrder", {"201": _ok(_ref("Fault"), "In force")}),
        },
        "/api/v1/faults/{id}": {"delete": _end("End a fault now", [number])},
        "/api/v1/scenarios": {
            "get": _get("What can be played, and what is on the stage", scenarios, None, gone),
            "post": _order(
                "Begin scenarios now", "ScenarioOrder", {"201": _ok(begun, "On the stage"), **_NOT_NOW}
            ),
        },
        "/api/v1/scenarios/{code}": {"delete": _end("Take a scenario off the stage", [code])},
        "/api/v1/stage": {"delete": _end("Take every scenario off and end every fault", [])},
        "/api/v1/stage/log": {
            "get": {
                "summary": "What presenters did, as a run can be repeated from it with `simulate --orders`",
                "security": [{}, {"token": []}],
                "responses": {"200": lines, **_READ_ERRORS, **gone},
            }
        },
        "/api/v1/commands": {
            "get": _get("Every command, its arguments and who may give it", commands),
            "post": {
                "summary": "Give a command in a person's name; refused ones are answered and recorded, too",
                "security": [{"token": []}],
                "requestBody": {"required": True, "content": {TYPE_JSON: {"schema": _ref("Command")}}},
                "responses": {
                    "200": _ok(_ref("CommandResult"), "What became of it"),
                    **_READ_ERRORS,
                    "413": _error("Body too large"),
                },
            },
        },
        "/api/v1/audit": {"get": _get("What people did, newest first", entries, told)},
        "/api/v1/tape": {
            "get": {
                "summary": "Everything that comes in from now on, bit for bit, until the caller goes",
                "security": [{"token": []}],
                "responses": {"200": lines, **_READ_ERRORS},
            }
        },
        "/api/v1/pulse": {"get": _get("Does the engine live, and what time is it?", _ref("Pulse"))},
        "/api/v1/openapi.json": {"get": _get("This document", anything)},
        "/healthz": {"get": _get("Does the process live?", anything)},
        "/readyz": {
            "get": _get("Is it ready?", _ref("Ready"), None, {"503": _ok(_ref("Ready"), "Starting")})
        },
        "/metrics": {
            "get": {
                "summary": "Counters and gauges",
                "security": [{}, {"token": []}],
                "responses": {"200": text, **_READ_ERRORS},
            }
        },
    }


@lru_cache(maxsize=1)
def document() -> bytes:
    """The whole document as JSON."""
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "Province cockpit", "version": __version__, "license": {"name": "Apache-2.0"}},
            "servers": [{"url": "/"}],
            "paths": _paths(),
            "components": {
                "schemas": _schemas(),
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )
