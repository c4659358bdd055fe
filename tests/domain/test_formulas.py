"""Formulas over named counts: what they come to, in what unit, and what is refused."""

from __future__ import annotations

import pytest

from cockpit.domain import formulas
from cockpit.domain.formulas import FormulaError, Node, Quotient

COUNTS: dict[str, float | None] = {"a": 6.0, "b": 4.0, "none": 0.0, "missing": None}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a / b", 1.5),
        ("a + b * 2", 14.0),
        ("(a + b) * 2", 20.0),
        ("a - b - 1", 1.0),
        ("-a", -6.0),
        ("a / none", None),
        ("a / (b - 4)", None),
        ("a + missing", None),
        ("none / a", 0.0),
        ("a * 1e300 * 1e300", None),
    ],
)
def test_a_formula_comes_to_its_value_or_to_none(text: str, value: float | None) -> None:
    assert formulas.value(formulas.parse(text), COUNTS) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a ** b", "a ** b"), ("a + __import__('os')", "__import__('os')"), ("a.b", "a.b"), ("a[0]", "a[0]"),
        ("a if b else 1", "a if b else 1"), ("a and b", "a and b"), ("'a'", "'a'"), ("True", "True"),
        ("1e999", "1e999"), ("a b", "a b"), ("", ""), ("a / 0", "a / 0"), ("lambda: a", "lambda: a"),
        ("(" * 99 + "a" * 9 + ")" * 99, "("), ("a+" * 120 + "a", "a+"),
    ],
)  # fmt: skip
def test_anything_but_the_four_signs_is_refused(text: str, found: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formulas.parse(text)
    assert caught.value.found.startswith(found)
    assert caught.value.expected


UNITS = {
    "solved": formulas.unit("dossier"),
    "received": formulas.unit("dossier"),
    "minutes": formulas.unit("min"),
    "speed": formulas.unit("Mbit/s"),
    "seconds": formulas.unit("s"),
    "share": formulas.unit("%"),
}


@pytest.mark.parametrize(
    ("text", "unit", "wanted", "factor"),
    [
        ("solved / received", "1", "%", 100.0),
        ("solved - received", "dossier", "dossier", 1.0),
        ("minutes / solved", "min/dossier", "min/dossier", 1.0),
        ("speed * seconds", "Mbit", "Mbit", 1.0),
        ("(share + share) / 2", "%", "%", 1.0),
        ("solved / minutes", "dossier/min", "%", None),
        ("solved", "dossier", "%", None),
        ("-minutes", "min", "min", 1.0),
    ],
)
def test_units_go_with_the_counts(text: str, unit: str, wanted: str, factor: float | None) -> None:
    found = formulas.unit_of(formulas.parse(text), UNITS)
    assert formulas.told(found) == unit
    assert formulas.factor_to(found, formulas.unit(wanted)) == factor


@pytest.mark.parametrize(
    "text", ["minutes + solved", "solved / received + minutes", "solved + 1", "share - solved"]
)
def test_what_differs_in_unit_is_never_added(text: str) -> None:
    with pytest.raises(FormulaError, match="same unit"):
        formulas.unit_of(formulas.parse(text), UNITS)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("a / b", ("a", "b", 1.0)),
        ("18 * a / b", ("a", "b", 18.0)),
        ("18 * (a / b)", ("a", "b", 18.0)),
        ("a / b / 2", ("a", "b", 0.5)),
        ("a - b", None),
    ],
)
def test_the_last_division_has_two_sides(text: str, sides: tuple[Node, Node, float] | None) -> None:
    assert formulas.quotient(formulas.parse(text)) == (None if sides is None else Quotient(*sides))
