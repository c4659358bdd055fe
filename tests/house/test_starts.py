"""What a start loads, and what it leaves to those who need it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.bench import processes
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize("module", ["cockpit.boot", "cockpit.cli.run", "cockpit.web.alone"])
def test_a_start_loads_neither_pandas_nor_streamlit(module: str) -> None:
    asked = f"import {module}, sys; print(bool({{'pandas', 'streamlit'}} & sys.modules.keys()))"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert told.stdout == "False\n"


def test_an_engine_at_work_has_loaded_neither(tmp_path: Path) -> None:
    with processes.running("engine", tmp_path) as cockpit:
        loaded = Path(f"/proc/{cockpit.pid}/maps").read_text()
    assert "/msgspec/" in loaded
    assert not [line for line in loaded.splitlines() if "/pandas/" in line or "/pyarrow/" in line]


def test_sqlite_utils_hides_pandas_from_nobody_else() -> None:
    asked = "import cockpit.store.utils, pandas; print(pandas.__name__)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert told.stdout == "pandas\n"
