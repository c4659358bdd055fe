"""`cockpit demo`, `cockpit serve`, `cockpit engine`: options become settings, then the process starts."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cockpit.config import SIZES, Config, ConfigError, from_env

Decorated = Callable[..., Any]


def common(command: Decorated) -> Decorated:
    """The options all three share. Each may also come from the environment."""
    options = [
        click.option("--data-dir", envvar="COCKPIT_DATA_DIR", type=click.Path(path_type=Path), default="var",
                     show_default=True, help="Where the data lives."),
        click.option("--host", envvar="COCKPIT_HOST", default="127.0.0.1", show_default=True),
        click.option("--port", envvar="COCKPIT_PORT", type=click.IntRange(1, 65535), default=8501, show_default=True),
        click.option("--profile", envvar="COCKPIT_PROFILE", default="quang_ninh", show_default=True),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@common
@click.option("--seed", envvar="COCKPIT_SEED", type=click.IntRange(0, 2**31 - 1), default=7, show_default=True)
@click.option("--speed", envvar="COCKPIT_SPEED", type=click.FloatRange(1, 600), default=1.0, show_default=True)
@click.option("--size", envvar="COCKPIT_SIZE", type=click.Choice(SIZES), default="province", show_default=True)
@click.option("--start", envvar="COCKPIT_START", default="", help="Domain time of a new demo, ISO 8601 with offset.")
@click.option("--history", envvar="COCKPIT_HISTORY", type=click.IntRange(0, 400), default=30, show_default=True,
              help="Days of history a new demo begins with.")
@click.option("--no-simulator", envvar="COCKPIT_NO_SIMULATOR", is_flag=True, help="Play nothing.")
def demo(**options: Any) -> None:  # fmt: skip
    """The cockpit with simulated feeds, as `streamlit run app.py`."""
    _start("demo", options)


@click.command()
@common
def serve(**options: Any) -> None:
    """The cockpit on real feeds."""
    _start("serve", options)


@click.command()
@common
def engine(**options: Any) -> None:
    """Door, writer and engine alone; `cockpit serve` on the same data directory then only reads."""
    config = _settle("engine", options)
    import uvicorn

    from cockpit import boot
    from cockpit.profiles import ProfileError
    from cockpit.store.lock import DirectoryHeld
    from cockpit.web import alone

    try:
        cockpit = boot.Cockpit(config)
    except (ConfigError, ProfileError, DirectoryHeld) as error:
        raise click.ClickException(str(error)) from None
    boot.install(cockpit)
    uvicorn.run(alone.create(cockpit), host=config.host, port=config.port, log_level="warning", access_log=False)


def _start(mode: str, options: dict[str, Any]) -> None:
    """Become the web process: the same one that `streamlit run app.py` starts."""
    from cockpit.web import launch

    config = _settle(mode, options)
    args = launch.command(config)
    os.execv(args[0], args)  # noqa: S606 - the same program with other options


def _settle(mode: str, options: dict[str, Any]) -> Config:
    os.environ["COCKPIT_MODE"] = mode
    for name, value in options.items():
        os.environ[f"COCKPIT_{name.upper()}"] = str(int(value) if isinstance(value, bool) else value)
    try:
        config = from_env()
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    _refuse_busy(config)
    return config


def _refuse_busy(config: Config) -> None:
    """A busy port is an error, never another port."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {config.host}:{config.port}: {error.strerror}. "
                "End what listens there, or choose another --port."
            ) from None
