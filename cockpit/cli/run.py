"""`cockpit demo`, `cockpit serve`, `cockpit engine`: options become settings, then the process starts."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cockpit import signals
from cockpit.config import DEAF, DEFAULT_PROFILE, SIZES, Config, ConfigError, from_env
from cockpit.demo.scenarios import library
from cockpit.demo.state import DemoError
from cockpit.engine.notices import channels
from cockpit.profiles import ProfileError, load
from cockpit.store.lock import DirectoryHeld, holder

Decorated = Callable[..., Any]


def _option(name: str, default: object, **more: Any) -> Decorated:
    """An option that may also come from the environment: --data-dir as COCKPIT_DATA_DIR."""
    variable = "COCKPIT_" + name.strip("-").upper().replace("-", "_")
    return click.option(name, envvar=variable, default=default, show_default=bool(default), **more)


def common(command: Decorated) -> Decorated:
    """The options all three share. Each may also come from the environment."""
    options = [
        _option("--data-dir", "var", type=click.Path(path_type=Path), help="Where the data lives."),
        _option("--host", "127.0.0.1"),
        _option("--port", 8501, type=click.IntRange(1, 65535)),
        _option("--profile", DEFAULT_PROFILE, help="The province: its name, or the path of its folder."),
        _option("--announce-to", "", help="A file that is told what happens to alerts, a line of JSON each."),
        _option(
            "--channels", "", help="A file that says whom to tell of alerts, and how: see docs/serve.md."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@common
@_option("--seed", 7, type=click.IntRange(0, 2**31 - 1))
@_option("--speed", 1.0, type=click.FloatRange(1, 600))
@_option("--size", "province", type=click.Choice(SIZES))
@_option(
    "--scenario",
    (),
    multiple=True,
    help="A story to begin with, by its name; several play together. A new demo opens on a working morning.",
)
@_option(
    "--start",
    "",
    help="Domain time of a new demo: RFC 3339, with offset, or now. Else 8:00 of the last working day.",
)
@_option("--history", 30, type=click.IntRange(0, 400), help="Days of history a new demo begins with.")
@_option(
    "--deaf",
    "drop",
    type=click.Choice(DEAF),
    help="Samples of phones without network: lost, or sent when they hear again.",
)
@_option("--no-simulator", False, is_flag=True, help="Play nothing.")
def demo(**options: Any) -> None:
    """The cockpit with simulated feeds, as `streamlit run app.py`."""
    start("demo", options)


@click.command()
@common
def serve(**options: Any) -> None:
    """The cockpit on real feeds."""
    start("serve", options)


@click.command()
@common
def engine(**options: Any) -> None:
    """Door, writer and engine alone; `cockpit serve` on the same data directory then only reads."""
    signals.at_once()
    config = _settle("engine", options)
    import uvicorn

    from cockpit import boot
    from cockpit.profiles import ProfileError
    from cockpit.web import alone, serving

    try:
        cockpit = boot.Lifecycle(config)
    except (ConfigError, ProfileError, DirectoryHeld, OSError) as error:
        raise click.ClickException(str(error)) from None
    boot.install(cockpit)
    app = alone.create(cockpit.parts)
    uvicorn.run(app, host=config.host, port=config.port, log_level="warning", **serving.settings())


def start(mode: str, options: dict[str, Any]) -> None:
    """Become the web process: the same one that `streamlit run app.py` starts."""
    from cockpit.web import launch

    signals.at_once()
    launch.become(_settle(mode, options))


def _settle(mode: str, options: dict[str, Any]) -> Config:
    os.environ["COCKPIT_MODE"] = mode
    for name, value in options.items():
        text = (
            " ".join(value) if isinstance(value, tuple) else int(value) if isinstance(value, bool) else value
        )
        os.environ[f"COCKPIT_{name.upper()}"] = str(text)
    try:
        config = from_env()
        if config.channels is not None:
            channels.load(config.channels, load(config.profile, size=config.size))
        if config.scenarios:
            found = library(config.scenarios, load(config.profile, size=config.size), config.seed)
            for code in config.scenarios:
                found.rehearse(found.scenarios[code])
    except (ConfigError, ProfileError, DemoError) as error:
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
            message = (
                f"cannot listen on {config.host}:{config.port}: {error.strerror}. "
                "End what listens there, or choose another --port."
            )
            if (owner := holder(config.data_dir)) is not None:
                message = f"{DirectoryHeld(config.data_dir, owner)}; {message}"
            raise click.ClickException(message) from None
