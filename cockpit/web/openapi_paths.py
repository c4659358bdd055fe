"""Paths of the OpenAPI document: what can be asked for, with which parameters, and what is answered."""

from __future__ import annotations

from typing import Any

from cockpit.commands.model import CommandResult
from cockpit.demo.wire import Fault
from cockpit.domain import registers
from cockpit.domain.evidence import MEDIA, UNTOLD
from cockpit.domain.feedback import STATES
from cockpit.domain.spans import SPANS
from cockpit.ingest.alertmanager import Posted
from cockpit.ingest.answers import Accepted, Error
from cockpit.ingest.binary import READ
from cockpit.ingest.decode import TYPE_BATCH, TYPE_EVENT, TYPE_JSON, TYPE_LINES
from cockpit.ingest.events import Event
from cockpit.views.home import HomeView
from cockpit.views.indices import IndicesView
from cockpit.views.sites import MOST
from cockpit.web import openapi_commands
from cockpit.web.answers.acting import Audit, Commands
from cockpit.web.answers.alerts import AlertInFull, Alerts
from cockpit.web.answers.coverage import CellsAnswer, SuggestAnswer
from cockpit.web.answers.decisions import DecisionsAnswer
from cockpit.web.answers.document import Document
from cockpit.web.answers.evidence import EvidenceTaken
from cockpit.web.answers.indicators import IndicatorsAnswer, IndicatorWithBreakdown
from cockpit.web.answers.indices import DtiAnswer, DtiOrder, FactsAnswer, ServiceAnswer, ServiceOrder
from cockpit.web.answers.life import Alive, Gone, Pulse, Ready, Starting
from cockpit.web.answers.plans import PlanAnswer, PlansAnswer
from cockpit.web.answers.reading import (
    Catalog,
    Latest,
    Observations,
    Quarantine,
    Rollups,
    Sources,
    StoredEvent,
)
from cockpit.web.answers.registers import (
    EntriesAnswer,
    EntryWithHistory,
    GapsAnswer,
    PetitionsAnswer,
    PetitionWithHistory,
)
from cockpit.web.answers.rules import RulesAnswer, WhyAnswer
from cockpit.web.answers.stage import (
    Clock,
    Faults,
    FaultUndone,
    Presets,
    ReturnPoints,
    ScenarioEnded,
    Scenarios,
    ScenariosBegun,
    StageCleared,
)
from cockpit.web.answers.units import UnitAnswer
from cockpit.web.api_commands import MAX_ENTRIES
from cockpit.web.api_demo import ClockOrder
from cockpit.web.api_params import MAX_ASSETS, MAX_LIMIT
from cockpit.web.api_stage import LINES, FaultOrder, PresetOrder, ScenarioOrder
from cockpit.web.openapi_parts import WORD, as_json, as_text, at_most, attribute, in_path, query
from cockpit.web.openapi_shapes import Json, Shapes

TIME: Json = {"type": "string", "format": "date-time"}


class Paths:
    """All paths. What their answers and bodies are made of is put into `shapes`."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._of = shapes.given
        self._refused = {
            "400": self._error("A parameter cannot be used: where, what was found, what is expected"),
            "401": self._error("No token or an unknown one; reading is open on loopback"),
            "403": self._error("The token's role does not allow this"),
            "503": self._error("Starting, or the store cannot answer"),
        }
        self._nothing = {"404": self._error("Nothing is there")}
        self._large = {"413": self._error("Body too large")}

    def all(self) -> Json:
        get = self._get
        asset, metric = (
            query("asset", WORD, required=True),
            query("metric", WORD, required=True),
        )
        span = [query("from", TIME), query("to", TIME)]
        level = query("level", {"enum": ["1m", "1h", "1d"], "default": "1h"})
        state = query("state", {"enum": ["open", "muted", "closed"], "default": "open"})
        many = query("asset", {"type": "array", "items": WORD, "maxItems": MAX_ASSETS})
        number = in_path("id", {"type": "integer", "minimum": 0})
        kind = in_path("kind", {"enum": list(registers.KINDS)})
        of_kind = [
            kind,
            query("state", WORD),
            query("unit", WORD),
            at_most(MAX_LIMIT, 1000),
        ]
        of_feedback = [query("state", {"enum": list(STATES)}), *of_kind[2:]]
        told = [
            *span,
            query("actor", WORD),
            query("name", WORD),
            at_most(MAX_ENTRIES, 1000),
        ]
        refused = [query("source", WORD), at_most(1000, 100)]
        single = [asset, metric, *span, at_most(MAX_LIMIT, 1000)]
        operator = query("operator", WORD | {"default": "any"})
        resolution = query("level", {"enum": ["8", "7"], "default": "8"})
        sites = query("n", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 10})
        gone = self._nothing
        spans = query("period", {"enum": list(SPANS)})
        of_figure = [in_path("code"), spans, query("unit", WORD), query("at", TIME)]
        unchanged = {"304": {"description": "Unchanged since the `ETag` that the caller has"}}
        starting = {"anyOf": [self._of(Starting), self._of(Gone)]}
        return {
            "/api/v1/events": {"post": self._events()},
            "/api/v2/alerts": {"post": self._alerts()},
            "/api/v1/events/{source}/{id}": {
                "get": get("Is an event stored?", StoredEvent, [in_path("source"), in_path("id")], gone)
            },
            "/api/v1/catalog": {
                "get": get("Assets, metrics, sources, units, indicators", Catalog, None, unchanged)
            },
            "/api/v1/latest": {"get": get("The newest values", Latest, [many])},
            "/api/v1/observations": {"get": get("Single values", Observations, single)},
            "/api/v1/rollups": {"get": get("Values by period", Rollups, [asset, metric, level, *span])},
            "/api/v1/alerts": {"get": get("Alerts", Alerts, [state, at_most(MAX_LIMIT, 1000)])},
            "/api/v1/alerts/{id}": {"get": get("An alert and its life", AlertInFull, [number], gone)},
            "/api/v1/rules": {"get": get("Every rule as it is now", RulesAnswer)},
            "/api/v1/why": {
                "get": get(
                    "Why a rule fires on a subject, or why it is quiet",
                    WhyAnswer,
                    [
                        query("subject", WORD, required=True),
                        query("rule", WORD, required=True),
                    ],
                )
            },
            "/api/v1/sources": {"get": get("Feeds and their state", Sources)},
            "/api/v1/quarantine": {"get": get("Refused events", Quarantine, refused)},
            "/api/v1/indicators": {"get": get("Every figure as it is now", IndicatorsAnswer)},
            "/api/v1/indicators/{code}": {
                "get": get("A figure, for a period if wished", IndicatorWithBreakdown, of_figure, gone)
            },
            "/api/v1/units/{code}": {
                "get": get("A unit or department in full", UnitAnswer, [in_path("code")], gone)
            },
            "/api/v1/coverage/cells": {"get": get("Coverage by cell", CellsAnswer, [operator, resolution])},
            "/api/v1/coverage/suggest": {
                "get": get("Sites to build next, and how good the plan is", SuggestAnswer, [sites, operator])
            },
            "/api/v1/coverage/gaps": {"get": get("Open coverage gaps", GapsAnswer)},
            "/api/v1/registers/feedback": {
                "get": get("Citizens' feedback, what changed last", PetitionsAnswer, of_feedback)
            },
            "/api/v1/registers/feedback/{id}": {
                "get": get("One petition", PetitionWithHistory, [in_path("id")], gone)
            },
            "/api/v1/registers/{kind}": {"get": get("Entries of a register", EntriesAnswer, of_kind, gone)},
            "/api/v1/registers/{kind}/{id}": {
                "get": get("An entry and its life", EntryWithHistory, [kind, number], gone)
            },
            "/api/v1/plans": {"get": get("Plans", PlansAnswer)},
            "/api/v1/plans/{id}": {
                "get": get("A plan with its targets, tasks and projects", PlanAnswer, [in_path("id")], gone)
            },
            "/api/v1/home": {"get": get("What the home screen shows", HomeView)},
            "/api/v1/decisions": {"get": get("What might be decided next, and how", DecisionsAnswer)},
            "/api/v1/indices": {"get": get("What the screen of indices shows", IndicesView)},
            "/api/v1/facts": {"get": get("Published figures, with source and date", FactsAnswer)},
            "/api/v1/calculators/766": {
                "post": self._reckoned(
                    "Reckon the service index of Decision 766", ServiceOrder, ServiceAnswer
                )
            },
            "/api/v1/calculators/dti": {
                "post": self._reckoned("Reckon the DTI and its pillars", DtiOrder, DtiAnswer)
            },
            **self._demo(number),
            "/api/v1/commands": {
                "get": get("Every command, its arguments and who may give it", Commands),
                "post": self._command(),
            },
            "/api/v1/evidence": {"post": self._evidence()},
            "/api/v1/evidence/{id}": {"get": self._file()},
            "/api/v1/audit": {"get": get("What people did, newest first", Audit, told)},
            "/api/v1/tape": {
                "get": {
                    "summary": "Everything that comes in from now on, bit for bit, until the caller goes",
                    "security": [{"token": []}],
                    "responses": {"200": as_text("JSON lines", LINES), **self._refused},
                }
            },
            "/api/v1/pulse": {"get": get("Does the engine live, and what time is it?", Pulse)},
            "/api/v1/openapi.json": {"get": get("This document", Document)},
            "/healthz": {"get": get("Does the process live?", Alive)},
            "/readyz": {"get": get("Is it ready?", Ready, None, {"503": as_json(starting, "Starting")})},
            "/metrics": {
                "get": {
                    "summary": "Counters and gauges",
                    "security": [{}, {"token": []}],
                    "responses": {"200": as_text("Prometheus text", "text/plain"), **self._refused},
                }
            },
        }

    def _demo(self, number: Json) -> Json:
        not_now = {"409": self._error("Not now: it is so already, or the stage is being set")}
        done = "What presenters did, as a run can be repeated from it with `simulate --orders`"
        fault, begun = (
            as_json(self._of(Fault), "In force"),
            as_json(self._of(ScenariosBegun), "On the stage"),
        )
        return {
            "/api/v1/clock": {
                "get": self._get("Domain time of a demo", Clock, None, self._nothing),
                "post": self._order(
                    "Set speed, pause, step, jump ahead, go back to a point; report watermark and pictures",
                    ClockOrder,
                    {"200": as_json(self._of(Clock)), **not_now},
                ),
            },
            "/api/v1/faults": {
                "get": self._get("Faults in force", Faults, None, self._nothing),
                "post": self._order("Order a fault", FaultOrder, {"201": fault}),
            },
            "/api/v1/faults/{id}": {"delete": self._end("End a fault now", FaultUndone, [number])},
            "/api/v1/presets": {
                "get": self._get("Faults that lie ready", Presets, None, self._nothing),
                "post": self._order("Order a ready fault", PresetOrder, {"201": fault, **not_now}),
            },
            "/api/v1/scenarios": {
                "get": self._get(
                    "What can be played, and what is on the stage", Scenarios, None, self._nothing
                ),
                "post": self._order("Begin scenarios now", ScenarioOrder, {"201": begun, **not_now}),
            },
            "/api/v1/scenarios/{code}": {
                "delete": self._end("Take a scenario off the stage", ScenarioEnded, [in_path("code")])
            },
            "/api/v1/stage": {
                "delete": self._end("Take every scenario off and end every fault", StageCleared, [])
            },
            "/api/v1/stage/points": {
                "get": self._get("Where a reset can go back to", ReturnPoints, None, self._nothing)
            },
            "/api/v1/stage/log": {
                "get": {
                    "summary": done,
                    "security": [{}, {"token": []}],
                    "responses": {"200": as_text("JSON lines", LINES), **self._refused, **self._nothing},
                }
            },
        }

    def _error(self, text: str) -> Json:
        return as_json(self._of(Error), text)

    def _get(
        self, summary: str, kind: Any, params: list[Json] | None = None, more: Json | None = None
    ) -> Json:
        """Reading; `more`: answers besides the usual ones."""
        return {
            "summary": summary,
            "parameters": params or [],
            "security": [{}, {"token": []}],
            "responses": {"200": as_json(self._of(kind)), **self._refused, **(more or {})},
        }

    def _order(self, summary: str, kind: Any, success: Json) -> Json:
        return {
            "summary": summary,
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {TYPE_JSON: {"schema": self._shapes.taken(kind)}}},
            "responses": {**success, **self._refused, "404": self._error("No demo"), **self._large},
        }

    def _reckoned(self, summary: str, kind: Any, made: Any) -> Json:
        """What is reckoned of a body and stored nowhere: whoever may read may ask."""
        return {
            "summary": summary,
            "security": [{}, {"token": []}],
            "requestBody": {"required": True, "content": {TYPE_JSON: {"schema": self._shapes.taken(kind)}}},
            "responses": {"200": as_json(self._of(made), "Reckoned"), **self._refused, **self._large},
        }

    def _end(self, summary: str, kind: Any, params: list[Json]) -> Json:
        return {
            "summary": summary,
            "parameters": params,
            "security": [{"token": []}],
            "responses": {"200": as_json(self._of(kind), "Done"), **self._refused, **self._nothing},
        }

    def _command(self) -> Json:
        body = openapi_commands.command(self._shapes)
        return {
            "summary": "Give a command in a person's name; refused ones are answered and recorded, too",
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {TYPE_JSON: {"schema": body}}},
            "responses": {
                "200": as_json(self._of(CommandResult), "What became of it"),
                **self._refused,
                "413": self._error("Body too large"),
            },
        }

    def _evidence(self) -> Json:
        """A file as it is, by whichever media type it has."""
        bytes_: Json = {"type": "string", "format": "binary"}
        kinds = [*MEDIA.values(), UNTOLD[1]]
        return {
            "summary": "Hand in a file as evidence, in a person's name; a command may name it by its id",
            "security": [{"token": []}],
            "parameters": [query("name", {"type": "string", "maxLength": 400}), query("by", WORD)],
            "requestBody": {"required": True, "content": {kind: {"schema": bytes_} for kind in kinds}},
            "responses": {
                "201": as_json(self._of(EvidenceTaken), "On the disk"),
                **self._refused,
                "408": self._error("The body took longer than 2 minutes"),
                "413": self._error("More than 10 MiB"),
                "415": self._error("None of the five kinds by its content, another than declared, damaged, "
                                   "locked, or with a program in it"),
                "429": self._error("Too many files of this person wait to be named: see Retry-After"),
            },
        }  # fmt: skip

    def _file(self) -> Json:
        bytes_: Json = {"type": "string", "format": "binary"}
        return {
            "summary": "A file that was handed in, for whoever may read the entry that names it",
            "parameters": [in_path("id")],
            "security": [{}, {"token": []}],
            "responses": {
                "200": {
                    "description": "As an attachment",
                    "content": {kind: {"schema": bytes_} for kind in MEDIA.values()},
                },
                **self._refused,
                **self._nothing,
            },
        }

    def _alerts(self) -> Json:
        many: Json = {"type": "array", "items": self._shapes.taken(Posted)}
        said: Json = {"anyOf": [{"type": "string"}, self._of(Error)]}
        return {
            "summary": "Alerts of another system, as Prometheus sends them to an Alertmanager",
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {TYPE_JSON: {"schema": many}}},
            "responses": {
                **self._refused,
                "200": {"description": "All is on disk; the answer has no body"},
                "400": as_json(said, "What is wrong; alerts in which nothing is are taken"),
                "413": self._error("Body too large"),
                "415": self._error("Another content type or encoding"),
                "429": self._error("Too many stand at once, or arrive: see Retry-After"),
            },
        }

    def _events(self) -> Json:
        event = self._shapes.named("Event", self._shapes.taken(Event))
        many: Json = {"type": "array", "items": event}
        lines = {"type": "string", "description": "One event a line"}
        bodies = {TYPE_BATCH: many, TYPE_EVENT: event, TYPE_JSON: {"oneOf": [event, many]}, TYPE_LINES: lines}
        return {
            "summary": "Send events; the answer comes after the commit",
            "security": [{"token": []}],
            "parameters": [
                {"name": "Content-Encoding", "in": "header", "schema": {"enum": ["gzip", "identity"]}},
                *(attribute(name) for name in sorted(READ)),
            ],
            "requestBody": {
                "required": True,
                "content": {kind: {"schema": schema} for kind, schema in bodies.items()},
            },
            "responses": {
                "202": as_json(self._of(Accepted), "Committed; also when every event was refused"),
                "400": self._error(
                    "The body is no JSON, or damaged gzip, or headers are no attributes of an event"
                ),
                "401": self._error("No token or an unknown one"),
                "403": self._error("The token covers no source, or not that of an event; nothing was stored"),
                "408": self._error("The body took longer than 2 minutes"),
                "413": self._error("More than 8 MiB, counted after inflating, or more than 100,000 events"),
                "415": self._error("A content type or encoding that is not spoken here"),
                "429": self._error("More is waiting than can be written: see Retry-After"),
                "503": self._error("Starting, or the store cannot write: see Retry-After"),
            },
        }
