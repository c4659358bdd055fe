"""What a start loads, and what it leaves to those who need it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.waiting import PATIENCE_S


@pytest.mark.parametrize("module", ["cockpit.boot", "cockpit.cli", "cockpit.web.serving"])
def test_a_start_loads_no_pandas(module: str) -> None:
    asked = f"import {module}, sys; print('pandas' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert told.stdout == "False\n"


def test_sqlite_utils_hides_pandas_from_nobody_else() -> None:
    asked = "import cockpit.store.utils, pandas; print(pandas.__name__)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert told.stdout == "pandas\n"
