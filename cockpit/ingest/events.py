"""The five event types as CloudEvents 1.0. Only shape is checked here, meaning in `validate`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from cockpit.domain.coverage import technologies
from cockpit.domain.instants import Iso

MAX_ID = 128
"""Characters of an id."""

# What `validate` checks, or decodes for many events at once, is here in the description alone.
Id = Annotated[str, msgspec.Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_ID})]
Tech = Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(technologies.ALL)})]
Numbers = Annotated[
    msgspec.Raw,
    msgspec.Meta(
        extra_json_schema={"type": "array", "items": {"type": "number"}, "minItems": 24, "maxItems": 24}
    ),
]


class Head(msgspec.Struct, tag_field="type", gc=False):
    """What every event has. Unknown extension attributes are ignored, as CloudEvents asks; unknown members of
    the data refuse the event. `data_base64` can only be null: what is in it would not be read."""

    specversion: Literal["1.0"]
    id: Id
    source: str
    subject: str
    time: Iso


class Values(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Metric code -> number in the metric's unit. `units`, if given, must equal the catalogue's."""

    values: dict[str, float]
    units: dict[str, str] | None = None


class Observation(Head, tag="ioc.observation", gc=False):
    """Values of one asset (the subject) at one instant."""

    data: Values
    sent: str | None = None
    data_base64: None = None


class SampleData(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A radio measurement: degrees WGS84, metres, dBm, dB, Mbit/s. `accuracy_m` 0 is unknown, as Android
    writes it; `tech` is one of `technologies.NAMES`, LTE where it is absent."""

    operator: str
    lat: float
    lon: float
    accuracy_m: float
    rsrp_dbm: float
    rsrq_db: float | None = None
    sinr_db: float | None = None
    down_mbps: float | None = None
    up_mbps: float | None = None
    cell: str | None = None
    indoor: bool | None = None
    tech: Tech | None = None


class SampleEvent(Head, tag="ioc.sample", gc=False):
    """A measurement by one device (the subject)."""

    data: SampleData
    sent: str | None = None
    data_base64: None = None


class RecordData(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A dossier, feedback, payment or broadcast as it now stands."""

    kind: str
    key: str
    unit: str
    state: str
    due: str | None = None
    fields: dict[str, str | int | float | bool | None] = {}


class RecordEvent(Head, tag="ioc.record", gc=False):
    """A new state of a record. The subject is `kind/key`."""

    data: RecordData
    sent: str | None = None
    data_base64: None = None


class ReportData(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A figure for a period, `2026-11-22`, `2026-11`, `2026-Q4` or `2026`; unit "" is the province.

    It may come with its parts, both or neither. `department` is a body of the profile whose own figure it is.
    """

    indicator: str
    period: str
    value: float
    person: str
    unit: str = ""
    note: str = ""
    numerator: float | None = None
    denominator: float | None = None
    department: str = ""


class ReportEvent(Head, tag="ioc.report", gc=False):
    """A figure that a person typed or a system made. The subject is the indicator."""

    data: ReportData
    sent: str | None = None
    data_base64: None = None


class Hours(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """24 hours of one metric, in its unit. An hour with n = 0 has no values: its others are 0.

    Each is a list of 24 numbers, left as JSON: the numbers of many events are decoded together.
    """

    n: Numbers
    sum: Numbers
    min: Numbers
    max: Numbers


class RollupData(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Hourly figures of one provincial day, by metric."""

    day: str
    hours: dict[str, Hours]


class RollupEvent(Head, tag="ioc.rollup", gc=False):
    """One day of one asset (the subject) without raw data."""

    data: RollupData
    sent: str | None = None
    data_base64: None = None


Event = Observation | SampleEvent | RecordEvent | ReportEvent | RollupEvent

TYPES = ("ioc.observation", "ioc.sample", "ioc.record", "ioc.report", "ioc.rollup")
