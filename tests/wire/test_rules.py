"""Rules over HTTP: all of them, and why one fires on a subject or is quiet."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.instants import iso
from cockpit.store import alerting
from cockpit.store.handles import Write
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.filled import CAMERA, fill, person


def read(bench: Bench, path: str, status: int = 200) -> Any:
    answer = bench.client().get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


def why(bench: Bench, rule: str, subject: str) -> Any:
    return read(bench, f"why?subject={subject}&rule={rule}")


def test_every_rule_is_told_with_what_it_watches_and_whether_it_is_on(bench: Bench) -> None:
    order = {
        "name": "rule_off",
        "args": {"rule": "link-down", "until": iso(START + 60_000)},
        "reason": "bảo trì",
    }
    bench.client(person(bench, "operator")).post("/api/v1/commands", json=order)
    rules = {rule["code"]: rule for rule in read(bench, "rules")["rules"]}
    assert list(rules) == [rule.code for rule in bench.profile.rules]
    link = rules["link-down"]
    assert (link["kind"], link["group"], link["raise_at"], link["on"]) == ("threshold", "device", 0.5, False)
    assert link["off"] == {
        "since": iso(START), "until": iso(START + 60_000), "actor": "Lan", "reason": "bảo trì",
    }  # fmt: skip
    links = [asset for asset in bench.profile.assets if asset.kind == "link"]
    assert link["selector"]["subjects"] == len(links)
    groups = {rules[code]["group"] for code in ("source-late", "dossiers-overdue", "task-late")}
    assert groups == {"feed", "indicator", "register"}


def test_every_rule_says_in_both_languages_why_it_is_quiet(bench: Bench) -> None:
    for rule in bench.profile.rules:
        found = why(bench, rule.code, CAMERA)
        assert found["state"] in ("no_data", "not_watched", "clear")
        assert found["value"] is None
        assert all(found["sentence"].values())
        assert "{" not in "".join(found["sentence"].values())
    found = why(bench, "camera-fps-low", CAMERA)
    assert found["sentence"]["vi"].startswith("Không báo, vì chưa có số liệu")
    assert why(bench, "link-down", CAMERA)["sentence"]["en"].startswith(
        "Quiet, because the rule does not watch"
    )


@pytest.mark.parametrize(("since_s", "state", "left"), [(100, "pending", 200.0), (400, "waiting", 0.0)])
def test_what_is_bad_says_how_long_it_must_still_be_so(
    bench: Bench, since_s: int, state: str, left: float
) -> None:
    fill(bench)

    def write(conn: Write) -> None:
        key = f"camera-fps-low|{CAMERA}"
        meta = {"engine_domain_ms": str(START)}
        changes = alerting.Changes(conditions={key: ("pending", START - since_s * 1000)}, meta=meta)
        alerting.save(conn, changes)

    bench.store.write(write).result(PATIENCE_S)
    found = why(bench, "camera-fps-low", CAMERA)
    assert (found["state"], found["left_s"], found["for_s"], found["value"]) == (state, left, 300, 20.0)
    assert found["since"] == iso(START - since_s * 1000)
    assert "20" in found["sentence"]["vi"]


def test_what_hides_it_and_what_it_is_folded_under_is_told(bench: Bench) -> None:
    fill(bench)
    combined = why(bench, "camera-unusable", CAMERA)
    assert [(m["what"], m["actor"], m["reason"]) for m in combined["hidden"]] == [
        ("rule_off", "Lan", "thay đầu ghi")
    ]
    assert [part["rule"] for part in combined["parts"]] == ["camera-loss", "camera-fps-low"]
    assert "thay đầu ghi" in combined["sentence"]["vi"]
    fires = why(bench, "camera-silent", CAMERA)
    assert (fires["firing"], fires["alert"]) == (True, 1)


def test_what_cannot_be_asked_is_named(bench: Bench) -> None:
    for query, where in (("rule=link-down", "subject"), ("subject=x&rule=link-down", "subject"),
                         (f"subject={CAMERA}", "rule"), (f"subject={CAMERA}&rule=x", "rule")):  # fmt: skip
        assert read(bench, f"why?{query}", 400)["error"]["where"] == where
