"""No two files know each other, in a round of whatever length: on a copy with circles each is found."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rules import unexplained_types

ROOT = Path(__file__).parents[2]

CIRCLES = {
    "cockpit.store.codec": "def f() -> None:\n    from cockpit.store import rollups\n",
    "simulator.sky": "if TYPE_CHECKING:\n    from simulator.world import World\n",
    "cockpit.domain.numbers": "import cockpit.domain.catalog\n",
}
"""By module a line that leads back to it: within a function, for types alone, and at import."""


def looked_for(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "circles.py")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_there_is_no_circle_of_imports() -> None:
    ran = looked_for(ROOT)
    assert (ran.returncode, ran.stdout) == (0, "circles: none\n"), ran.stderr


def test_a_circle_is_found_also_within_a_function_and_for_types_alone(tmp_path: Path) -> None:
    for room in ("cockpit", "simulator"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for module, text in CIRCLES.items():
        path = tmp_path.joinpath(*module.split(".")).with_suffix(".py")
        path.write_text(f"{path.read_text('utf-8')}\n{text}", "utf-8")
    ran = looked_for(tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    for module in CIRCLES:
        assert any(module in line.split(" -> ") for line in ran.stdout.splitlines()), module


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if TYPE_CHECKING:\n    import a\n", True),
        ("if typing.TYPE_CHECKING:\n    import a\n", True),
        ("if TYPE_CHECKING:  # types alone: a is slow\n    import a\n", False),
        ("if TYPE_CHECKING:\n    # a is slow\n    import a\n", False),
    ],
)
def test_an_import_for_types_alone_says_why(text: str, found: bool) -> None:
    assert bool(list(unexplained_types("cockpit/x.py", ast.parse(text), text))) is found
