"""What a refusal found and what it expected, out of the sentence that the door wrote.

The door writes English for the machines' side; the screen tells the same in the reader's language, by
code and facts. A sentence of another form than those here has no facts: then its code speaks alone.
"""

from __future__ import annotations

import re

_QUOTED = r"(?P<found>'[^']*'|\"[^\"]*\")"
_FORMS: dict[str, str] = {
    "missing_field": r"(?P<name>\S+) is (?:missing|empty)",
    "bad_field": r"(?P<name>\S+) is (?P<found>.+?)(?:, an? \w+)?: expected ",
    "unknown_member": r"(?P<name>\S+) is no member of",
    "unknown_type": rf"type: .*?{_QUOTED}",
    "text_too_long": r"(?P<name>\S+) has (?P<found>\d+) characters, expected at most (?P<limit>\d+)",
    "id_too_long": r"id has (?P<found>\d+) characters, expected 1 to (?P<limit>\d+)",
    "control_character": r"(?P<name>\S+) .* holds a control character",
    "unknown_source": rf"source {_QUOTED}",
    "bad_time": rf"(?P<name>\S+) {_QUOTED}: expected",
    "no_offset": rf"(?P<name>\S+) {_QUOTED} has no offset",
    "far_future": rf"time {_QUOTED} is more than (?P<limit>\d+ \w+) after",
    "too_old": rf"time {_QUOTED} is more than (?P<limit>\d+ \w+) before",
    "unknown_asset": rf"asset {_QUOTED}",
    "foreign_asset": rf"asset {_QUOTED} belongs to source (?P<owner>\S+), not to (?P<source>\S+)",
    "foreign_kind": rf"kind {_QUOTED} is not one that source (?P<source>\S+) brings",
    "foreign_indicator": rf"indicator {_QUOTED} is not one that source (?P<source>\S+) reports",
    "unknown_metric": rf"metric {_QUOTED}",
    "wrong_unit": rf"unit {_QUOTED} of (?P<name>\S+), expected (?P<expected>'[^']*')",
    "not_a_number": r"(?P<name>\S+) is (?P<found>\S+), expected a number",
    "out_of_range": r"(?P<name>\S+) is (?P<found>\S+), expected (?P<low>\S+) to (?P<high>\S+) ?"
    r"(?P<unit>[^:]*)",
    "bad_place": r"the place lat (?P<lat>\S+), lon (?P<lon>\S+) is outside",
    "unknown_operator": rf"operator {_QUOTED}",
    "bad_subject": rf"subject {_QUOTED}, expected (?P<expected>'[^']*')",
    "bad_state": rf"state {_QUOTED} of a (?P<kind>\S+):",
    "unknown_unit": rf"unit {_QUOTED}",
    "unknown_indicator": rf"indicator {_QUOTED}",
    "bad_period": rf"period {_QUOTED}:",
    "bad_hours": r"(?P<name>\S+): ",
    "too_many_fields": r"(?P<found>\d+) fields, expected at most (?P<limit>\d+)",
}
FORMS = {code: re.compile(form) for code, form in _FORMS.items()}


def facts(code: str, reason: str) -> dict[str, str]:
    """The facts in a refusal's sentence by name, without quotes; none where its form is not known."""
    form = FORMS.get(code)
    found = form.match(reason) if form is not None else None
    if found is None:
        return {}
    return {name: text.strip("'\"") for name, text in found.groupdict().items()}
