"""The rules of who may know whom hold: on a copy every import that must not be is made, and each is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORBIDDEN = [
    ("cockpit.views.home", "sqlite3"),
    ("cockpit.views.home", "sqlite_utils"),
    ("cockpit.engine.core", "sqlite3"),
    ("cockpit.ingest.door", "sqlite3"),
    ("cockpit.boot", "sqlite3"),
    ("cockpit.web.api", "sqlite3"),
    ("cockpit.views.home", "cockpit.store.database"),
    ("cockpit.views.home", "cockpit.store.writer"),
    ("cockpit.engine.core", "cockpit.store.schema"),
    ("cockpit.views.home", "cockpit.demo.controller"),
    ("cockpit.views.home", "cockpit.demo.backfill"),
    ("cockpit.views.home", "cockpit.demo.player"),
    ("cockpit.demo.tape", "streamlit"),
    ("cockpit.demo.tape", "cockpit.views.home"),
    ("cockpit.demo.state", "cockpit.commands.model"),
    ("cockpit.clock", "cockpit.store.meta"),
    ("cockpit.domain.feeds", "cockpit.clock"),
    ("cockpit.domain.feeds", "sqlite3"),
    ("cockpit.store.meta", "cockpit.engine.core"),
    ("cockpit.engine.core", "cockpit.views.home"),
    ("simulator.play", "cockpit.store.meta"),
    ("simulator.play", "cockpit.demo.tape"),
    ("cockpit.views.home", "simulator.play"),
    ("cockpit.demo.player", "simulator.play"),
    ("cockpit.entry", "simulator.play"),
    ("cockpit.signals", "simulator.play"),
    ("cockpit.boot", "simulator.play"),
]
TYPED_ONLY = ("cockpit.engine.slots", "cockpit.ui.words")
"""An edge that only a type checker follows."""

LOOSE = "gadget"
"""A module of `cockpit` that no layer names."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy with all of them."""
    copy = tmp_path_factory.mktemp("copy")
    for folder in ("cockpit", "simulator"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for module, wanted in FORBIDDEN:
        _append(_file(copy, module), f"import {wanted}\n")
    module, wanted = TYPED_ONLY
    text = f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {wanted}\n"
    _append(_file(copy, module), text)
    (copy / "cockpit" / f"{LOOSE}.py").write_text('"""Belongs nowhere."""\n')
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=copy,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "COLUMNS": "300"},
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout


def _append(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text('utf-8')}\n\n{text}", "utf-8")


def _file(copy: Path, module: str) -> Path:
    path = copy.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.mark.parametrize(("module", "wanted"), [*FORBIDDEN, TYPED_ONLY])
def test_an_import_that_must_not_be_is_found(findings: str, module: str, wanted: str) -> None:
    assert re.search(rf"- +{re.escape(module)} -> {re.escape(wanted)}\b", findings)


def test_a_module_that_no_layer_names_is_found(findings: str) -> None:
    assert re.search(rf"\bcockpit\.{LOOSE}\b", findings)
