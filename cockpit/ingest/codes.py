"""Why an event is not taken: a closed list. New codes may be added, none is renamed."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Codes of refusals in answers, quarantine and import reports."""

    NOT_JSON = "not_json"  # a line that is no JSON, in NDJSON
    NOT_AN_EVENT = "not_an_event"  # JSON, but no object
    TOO_DEEP = "too_deep"  # absurd nesting
    BAD_TEXT = "bad_text"  # bytes that are no UTF-8
    MISSING_FIELD = "missing_field"
    SUBJECT_MISSING = "subject_missing"
    BAD_FIELD = "bad_field"  # a field of the wrong type
    UNKNOWN_MEMBER = "unknown_member"  # data hold something that nobody reads
    UNKNOWN_TYPE = "unknown_type"
    BAD_SPECVERSION = "bad_specversion"
    TEXT_TOO_LONG = "text_too_long"
    ID_TOO_LONG = "id_too_long"
    CONTROL_CHARACTER = "control_character"
    UNKNOWN_SOURCE = "unknown_source"
    BAD_TIME = "bad_time"
    NO_OFFSET = "no_offset"
    FAR_FUTURE = "far_future"
    TOO_OLD = "too_old"
    UNKNOWN_ASSET = "unknown_asset"
    FOREIGN_ASSET = "foreign_asset"  # the asset belongs to another source
    FOREIGN_KIND = "foreign_kind"  # records of this kind, or samples, are not what the source brings
    FOREIGN_INDICATOR = "foreign_indicator"  # the source reports no figures of this indicator
    UNKNOWN_METRIC = "unknown_metric"
    WRONG_UNIT = "wrong_unit"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NO_VALUES = "no_values"
    BAD_PLACE = "bad_place"
    UNKNOWN_OPERATOR = "unknown_operator"
    BAD_SUBJECT = "bad_subject"  # the subject does not say what the data say
    BAD_STATE = "bad_state"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_INDICATOR = "unknown_indicator"
    BAD_PERIOD = "bad_period"
    BAD_PARTS = "bad_parts"  # numerator and denominator do not make the value
    BAD_HOURS = "bad_hours"  # hourly figures that contradict each other
    TOO_MANY_FIELDS = "too_many_fields"
    BAD_ROW = "bad_row"  # of a table: another number of fields, or quotes that do not close
    LINE_TOO_LONG = "line_too_long"  # in a file


class Refusal(Exception):
    """One event cannot be taken. The message names what was found and what is expected."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.id = self.source = ""  # of the event, as far as they can be read
        self.subject = ""  # of an observation alone
        self.sent: str | None = None


def shown(text: object) -> str:
    """What was found, short enough for a reason."""
    words = repr(text)
    return words if len(words) <= 60 else words[:57] + "…" + words[0]
