"""The command line. Each command lives in its own module and is loaded when it is called."""

from __future__ import annotations

import importlib
from typing import Any

import click

from cockpit import __version__, signals

COMMANDS = {
    "demo": "run:demo",
    "serve": "run:serve",
    "engine": "run:engine",
    "token": "token:token",
    "import": "imports:import_",
    "export": "workbooks:export",
    "record": "record:record",
    "replay": "replay:replay",
    "simulate": "simulate:simulate",
    "score": "score:score",
    "rules": "rules:rules",
    "bench": "bench:bench",
    "check": "check:check",
    "notify": "notify:notify",
    "watch": "watch:watch",
}


class Lazy(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        with signals.politely():
            return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, name = where.split(":")
        command: Any = getattr(importlib.import_module(f"cockpit.cli.{module}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 - a table of our own
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cockpit")
def main() -> None:
    """Leadership cockpit of a province's intelligent operations centre."""
