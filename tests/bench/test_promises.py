"""The measurements against their promises, on this machine as it is: wants it quiet."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cockpit import ROOT

MEASUREMENTS = {
    "ingest": ["-c", "from cockpit.cli import main; main()", "bench", "ingest"],
    "pages": ["-c", "from cockpit.cli import main; main()", "bench", "pages"],
    "evaluate": ["-c", "from cockpit.cli import main; main()", "bench", "evaluate"],
    "coverage": ["-c", "from cockpit.cli import main; main()", "bench", "coverage"],
    "browser": ["-m", "cockpit.bench.browser"],
    "day": ["-m", "cockpit.bench.world", "day"],
    "flood": ["-m", "cockpit.bench.flood"],
    "country": ["-m", "cockpit.bench.world", "country"],
}


@pytest.mark.long
@pytest.mark.parametrize("name", MEASUREMENTS)
def test_the_measurement_keeps_its_promises(name: str) -> None:
    ran = subprocess.run(
        [sys.executable, *MEASUREMENTS[name], "--json", "--check"],
        cwd=ROOT, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
