"""Which cause stands at the top of a chain."""

from __future__ import annotations

import pytest

from cockpit.domain.alerting.folding import Cause, chain_of_asset, topmost
from cockpit.domain.numbers import AlertId
from tests.engine.world import asset, province

CHAIN = ("a:cam", "a:rec", "a:link", "s:cams")


def found(causes: dict[str, tuple[int, Cause]], rank: int = 0, number: int = 1) -> int | None:
    silent = {c.node for _, c in causes.values() if c.node.startswith("s:")}
    at = {node: [one] for node, one in causes.items()}
    return topmost(CHAIN, AlertId(number), rank, lambda n: at.get(n, []), lambda n, _: n in silent)


def cause(number: int, node: str, hearsay: bool, source: str) -> Cause:
    return Cause(AlertId(number), node, hearsay, source)


def test_the_topmost_open_cause_is_named() -> None:
    recorder = (0, cause(2, "a:rec", True, "s:cams"))
    link = (1, cause(3, "a:link", False, "s:net"))
    assert found({"a:rec": recorder}) == 2
    assert found({"a:rec": recorder, "a:link": link}) == 3
    assert found({}) is None


def test_what_is_only_hearsay_of_a_silent_source_explains_nothing() -> None:
    recorder = (0, cause(2, "a:rec", True, "s:cams"))
    source = (0, cause(9, "s:cams", False, "s:cams"))
    assert found({"a:rec": recorder, "s:cams": source}) == 9
    other = (0, cause(3, "a:link", True, "s:net"))
    net = (0, cause(8, "s:net", False, "s:net"))
    assert found({"a:link": other}) == 3
    assert found({"a:link": other, "s:net": net}) is None


def test_on_one_asset_silence_explains_a_threshold_and_never_the_other_way_round() -> None:
    silence = {"a:cam": (0, cause(2, "a:cam", True, "s:cams"))}
    assert found(silence, rank=2, number=5) == 2
    assert found({"a:cam": (1, cause(5, "a:cam", False, "s:cams"))}, rank=0, number=2) is None


def test_an_asset_stands_below_what_it_depends_on_and_its_own_source() -> None:
    chain = chain_of_asset("cam-13", province().asset)
    assert chain == ("a:cam-13", "a:rec-1", "a:link-2", "a:feeder-2", "s:cams")


def test_a_circle_of_dependence_is_refused() -> None:
    pair = {"a": asset(1, "a", "camera", "cams", 15, "b"), "b": asset(2, "b", "camera", "cams", 15, "a")}
    with pytest.raises(ValueError, match="depends on itself"):
        chain_of_asset("a", pair)
