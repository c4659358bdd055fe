"""Formulas of indicators: + - * / and parentheses over named counts, each of a unit.

What cannot be reckoned has no value: a count that is missing, or a division by zero. Units are kept with the
counts, so that dossiers are never added to minutes and a percentage is a share of the same thing.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

MAX_LETTERS = 200
PERCENT = "%"

Unit = tuple[tuple[str, int], ...]
"""Names and their powers, in order of names; () is a plain number."""

Node = Any
"""An expression: a number, a name, or (sign, left, right)."""

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class FormulaError(ValueError):
    """What is wrong with an expression: `found` is the part that cannot be, `expected` the cure."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found!r}, expected {expected}")
        self.found, self.expected = found, expected


class Quotient(NamedTuple):
    """What a formula divides at last: the value is `factor` times the one over the other."""

    numerator: Node
    denominator: Node
    factor: float


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """The expression in a text. Raises FormulaError."""
    if len(text) > MAX_LETTERS:
        raise FormulaError(text, f"at most {MAX_LETTERS} letters: name more counts instead")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FormulaError(text, "names of counts and numbers joined by + - * / and parentheses") from None
    return _node(tree.body, text)


def _node(tree: ast.expr, text: str) -> Node:
    if isinstance(tree, ast.BinOp) and type(tree.op) in _SIGNS:
        if isinstance(tree.op, ast.Div) and _node(tree.right, text) == 0.0:
            raise FormulaError(text, "a divisor that is not 0")
        return _SIGNS[type(tree.op)], _node(tree.left, text), _node(tree.right, text)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return "-", 0.0, _node(tree.operand, text)
    if isinstance(tree, ast.Name):
        return tree.id
    number = tree.value if isinstance(tree, ast.Constant) else None
    if isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number):
        return float(number)
    part = ast.get_source_segment(text.strip(), tree) or text
    raise FormulaError(part, "names of counts and numbers joined by + - * / and parentheses")


def names(node: Node) -> tuple[str, ...]:
    """The counts that an expression names, in the order of their first mention."""
    if isinstance(node, str):
        return (node,)
    if isinstance(node, float):
        return ()
    return tuple(dict.fromkeys(names(node[1]) + names(node[2])))


def numbers(node: Node) -> tuple[float, ...]:
    """The plain numbers of an expression."""
    if isinstance(node, float):
        return (node,)
    return () if isinstance(node, str) else numbers(node[1]) + numbers(node[2])


def value(node: Node, counts: Mapping[str, float | None]) -> float | None:
    """What an expression comes to; None where a count is missing or something is divided by zero."""
    if isinstance(node, float):
        return node
    if isinstance(node, str):
        return counts.get(node)
    left, right = value(node[1], counts), value(node[2], counts)
    if left is None or right is None or (node[0] == "/" and right == 0):
        return None
    made = _RECKON[node[0]](left, right)
    return made if math.isfinite(made) else None


_RECKON: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def quotient(node: Node, factor: float = 1.0) -> Quotient | None:
    """The two sides of the division that comes last, None where none does."""
    if isinstance(node, tuple) and node[0] == "*":
        for plain, other in ((node[1], node[2]), (node[2], node[1])):
            if isinstance(plain, float):
                return quotient(other, factor * plain)
    if isinstance(node, tuple) and node[0] == "/":
        if isinstance(node[2], float):
            return quotient(node[1], factor / node[2]) if node[2] else None
        top = node[1]
        while isinstance(top, tuple) and top[0] == "*" and isinstance(top[1], float):
            factor, top = factor * top[1], top[2]
        return Quotient(top, node[2], factor)
    return None


def unit(text: str) -> Unit:
    """A unit as it is written: `hồ sơ`, `Mbit/s`, `1/s`; `1` is a plain number."""
    above, *below = [part.strip() for part in text.split("/")]
    powers: dict[str, int] = {}
    for name, power in ((above, 1), *((name, -1) for name in below)):
        if name not in ("", "1"):
            powers[name] = powers.get(name, 0) + power
    return _tidy(powers)


def told(found: Unit) -> str:
    """A unit in words."""
    above = " · ".join(n for n, power in found for _ in range(max(0, power)))
    below = "".join(f"/{n}" for n, power in found for _ in range(max(0, -power)))
    return (above or "1") + below


def unit_of(node: Node, units: Mapping[str, Unit]) -> Unit:
    """The unit that an expression comes out in. Raises FormulaError where what is added differs in it."""
    if isinstance(node, float):
        return ()
    if isinstance(node, str):
        return units[node]
    sign, left, right = node
    a, b = unit_of(left, units), unit_of(right, units)
    if sign in "+-":
        if a == b or left == 0.0:
            return b
        raise FormulaError(
            f"{told(a)} {sign} {told(b)}", "counts of the same unit where they are added or subtracted"
        )
    turn = 1 if sign == "*" else -1
    powers = dict(a)
    for name, power in b:
        powers[name] = powers.get(name, 0) + turn * power
    return _tidy(powers)


def _tidy(powers: Mapping[str, int]) -> Unit:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def factor_to(found: Unit, wanted: Unit) -> float | None:
    """What a value of one unit is multiplied by to be in another: a share of the same thing is 100 times as
    many percent. None where no factor makes one of the other."""
    if found == wanted:
        return 1.0
    return 100.0 if not found and wanted == unit(PERCENT) else None
