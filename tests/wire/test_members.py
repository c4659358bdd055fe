"""What a refusal names: the member, the value as found, and for what nobody reads the nearest member."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from cockpit import boot
from cockpit.store.queries import records, reports
from cockpit.ui.refusal_words import sentence
from cockpit.web import alone, api
from tests.wire.conftest import Bench, event
from tests.wire.test_commands import person
from tests.wire.test_events import ALL, post, record, report, rollup, sample, with_values

NAMED: list[tuple[Any, str, str]] = [
    (with_values(fps="24.9"), "bad_field", 'fps is "24.9", a text: expected a number'),
    (with_values(loss_pct=1, fps=None), "bad_field", "fps is null: expected a number"),
    (with_values(fps=True), "bad_field", "fps is true: expected a number"),
    (with_values(fps=[1, 2]), "bad_field", "fps is [1, 2], a list: expected a number"),
    (with_values(fps={"v": 1}), "bad_field", 'fps is {"v": 1}, an object: expected a number'),
    (with_values(fps="\u202e\n"), "bad_field", 'fps is "\\u202e\\n", a text: expected a number'),
    (with_values(**{"a.b[...]": "x"}), "bad_field", 'a.b[...] is "x", a text: expected a number'),
    (event(data={"values": [1]}), "bad_field", "values is [1], a list: expected an object"),
    (event(data={"values": {"fps": 1}, "units": {"fps": 3}}), "bad_field",
     "units.fps is 3, a number: expected a text"),
    (event(data=3), "bad_field", "data is 3, a number: expected an object"),
    (event(id=7), "bad_field", "id is 7, a number: expected a text"),
    (event(specversion=1.0), "bad_specversion", 'specversion is 1.0, a number: expected the text "1.0"'),
    (17, "not_an_event", "found 17, a number: expected a CloudEvent, which is a JSON object"),
    (sample(rsrp_dbm="-97"), "bad_field", 'rsrp_dbm is "-97", a text: expected a number'),
    (sample(indoor=1), "bad_field", "indoor is 1, a number: expected true, false or null"),
    (record(fields={"a": 1, "b": []}), "bad_field",
     "fields.b is [], a list: expected true, false, a number, a text or null"),
    (record(unit=None), "bad_field", "unit is null: expected a text"),
    (report(value="3"), "bad_field", 'value is "3", a text: expected a number'),
    (rollup(sum=[1] * 23 + ["x"]), "bad_field", 'hours.fps.sum[23] is "x", a text: expected a number'),
    (rollup(n=[None] * 24), "bad_field", "hours.fps.n[0] is null: expected a number"),
    (event(data={"values": {"fps": 1}, "unit": {"fps": "1/s"}}), "unknown_member",
     "unit is no member of the data of ioc.observation: did you mean units?"),
    (sample(sinr=3), "unknown_member", "sinr is no member of the data of ioc.sample: did you mean sinr_db?"),
    (sample(lng=107), "unknown_member", "lng is no member of the data of ioc.sample: did you mean lon?"),
    (record(dues="x"), "unknown_member", "dues is no member of the data of ioc.record: did you mean due?"),
    (report(colour="red"), "unknown_member",
     "colour is no member of the data of ioc.report: expected indicator, period, value, person, unit, note,"
     " numerator, denominator, department"),
    (rollup(avg=[1] * 24), "unknown_member",
     "hours.fps.avg is no member of the data of ioc.rollup: expected n, sum, min, max"),
]  # fmt: skip
BARE = {
    "NaN": ("not_a_number", "fps is NaN, expected a number: JSON has no NaN"),
    "-Infinity": ("not_a_number", "fps is -Infinity, expected a number: JSON has no -Infinity"),
    "1e999": ("out_of_range", "fps is 1e999, expected -1.8e308 to 1.8e308"),
}


@pytest.fixture
def everyone(bench: Bench) -> TestClient:
    return bench.client(bench.token(*ALL))


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_a_refusal_names_member_and_value_as_they_were_found(
    bench: Bench, everyone: TestClient, content_type: str
) -> None:
    bodies = [json.dumps(bad) for bad, _, _ in NAMED]
    bodies += [json.dumps(event()).replace("24.9", bare) for bare in BARE]
    text = "\n".join(bodies) if "ndjson" in content_type else f"[{','.join(bodies)}]"
    found = post(everyone, text.encode(), content_type).json()
    expected = [(code, reason) for _, code, reason in NAMED] + list(BARE.values())
    assert [(r["code"], r["reason"]) for r in found["rejected"]] == expected
    kept = person(bench, "admin").get("/api/v1/quarantine?limit=100").json()["quarantine"]
    assert sorted((k["code"], k["reason"]) for k in kept) == sorted(expected)


def test_a_long_value_is_cut_and_one_alone_is_named_as_well(everyone: TestClient) -> None:
    (refused,) = post(everyone, with_values(fps="x" * 500)).json()["rejected"]
    assert refused["reason"] == f'fps is "{"x" * 58}…, a text: expected a number'
    (refused,) = post(everyone, rollup(max=[None] * 24)).json()["rejected"]
    assert refused["reason"].startswith("hours.fps.max[0] is null")


def test_null_in_an_optional_member_is_absence_and_extensions_are_ignored(everyone: TestClient) -> None:
    nothing = dict.fromkeys(("rsrq_db", "sinr_db", "down_mbps", "up_mbps", "cell", "indoor", "tech"))
    good = [sample(**nothing), record(due=None, fields={"free": None}), event(data={"values": {"fps": 1},
            "units": None}), event(1, traceparent="x", Unit=1, data_base64=None)]  # fmt: skip
    assert post(everyone, good).json()["accepted"] == len(good)


@pytest.mark.parametrize("end", [2147483647, -2147483648, 9223372036854775807])
def test_what_phones_write_for_no_value_is_none_in_an_optional_member(bench: Bench, end: int) -> None:
    client = bench.client(bench.token(*ALL))
    optional = dict.fromkeys(("rsrq_db", "sinr_db", "down_mbps", "up_mbps"), end)
    assert post(client, sample(**optional)).json()["accepted"] == 1
    assert post(client, sample(**dict.fromkeys(optional, end - 10**6))).json()["accepted"] == 0
    (refused,) = post(client, sample(rsrp_dbm=end)).json()["rejected"]
    assert refused["code"] == "out_of_range"
    assert "expected -156 to -44 dBm: phones write so what they do not know" in refused["reason"]
    assert sentence(refused["code"], refused["reason"], "en").endswith("allowed is -156 to -44 dBm")


def test_the_screen_tells_member_and_value_in_the_readers_language() -> None:
    _, code, reason = NAMED[0]
    assert sentence(code, reason, "vi") == "fps là 24.9, sai kiểu dữ liệu"
    assert sentence(code, reason, "en") == "fps is 24.9, which is of the wrong type"
    told = "sinr is no member of the data of ioc.sample: did you mean sinr_db?"
    assert sentence("unknown_member", told, "vi") == "Thành phần sinr không có trong quy ước"


def test_line_ends_of_every_kind_become_newlines_in_what_people_write(bench: Bench) -> None:
    client = bench.client(bench.token(*ALL))
    said = "a\u2028b\u2029c\x85d\x0be\x0cf\r\ng\rh\ni\tj\u200dk"
    assert post(client, record(fields={"text": said, "n": 1})).json()["accepted"] == 1
    assert post(client, report(note=said)).json()["accepted"] == 1
    with bench.store.read() as conn:
        (kept,) = records.records(conn, "dossier")
        told = reports.find(conn, 1)
    assert kept.fields == {"text": "a\nb\nc\nd\ne\nf\ng\nh\ni\tj\u200dk", "n": 1}
    assert told is not None
    assert told.note == kept.fields["text"]


def test_what_turns_the_direction_of_writing_is_refused_wherever_a_text_stands(everyone: TestClient) -> None:
    for turn in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        text = f"a{turn}b"
        bad = [
            record(fields={"text": text}), record(fields={text: 1}), record(key=text), report(note=text),
            report(person=text), sample(cell=text), {**sample(), "subject": text}, event(id=text),
        ]  # fmt: skip
        found = post(everyone, bad).json()["rejected"]
        assert [r["code"] for r in found] == ["control_character"] * len(bad)
        assert f"U+{ord(turn):04X}" in found[0]["reason"]
    (refused,) = post(everyone, report(person="a\u2028b")).json()["rejected"]
    assert refused["code"] == "control_character"


def test_every_error_of_every_route_has_the_one_shape(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    client = bench.client()
    routes = api.routes(bench)  # type: ignore[arg-type]
    paths = {re.sub(r"[{}]|:\w+", "", r.path) for r in routes if isinstance(r, Route)}
    paths |= {"/api/v1/events/", "/api/v2/x"}
    tried = 0
    for path in sorted(paths):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            answer = client.request(method, path)
            if answer.status_code >= 400 and "ready" not in answer.text:
                error = answer.json()["error"]
                assert {"code", "reason"} <= set(error) <= {"code", "reason", "where", "found", "expected"}
                tried += 1
    assert tried > 150
    monkeypatch.setattr(boot, "current", lambda: SimpleNamespace(parts=bench))
    lonely = TestClient(alone.create(bench), base_url="http://127.0.0.1")  # type: ignore[arg-type]
    assert lonely.get("/nowhere").json()["error"]["code"] == "no_such_path"
