"""How the web process comes to its address, and how a start that cannot be says so."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from cockpit import ROOT, signals
from cockpit.config import Config, ConfigError, from_env


def command(config: Config) -> list[str]:
    """The command line of the web process for these settings."""
    return [
        *(sys.executable, "-P", "-m", "cockpit.web", "run", str(ROOT / "app.py")),
        *("--server.port", str(config.port), "--server.address", config.host),
    ]


def become(config: Config) -> NoReturn:
    """Become the web process for these settings."""
    args = command(config)
    signals.held_back()  # the new program lets it through as soon as it can end without a traceback
    os.execv(args[0], args)  # noqa: S606 - the same program with other options


def settle_address() -> None:
    """Make sure the process listens where the settings say.

    `streamlit run app.py` takes port and address from its own options and silently moves to the next
    port if one is busy; it has bound its socket before this module is loaded. Where that is not the
    address of the settings, the process starts itself anew on the right one.
    """
    from streamlit import config as streamlit_config

    try:
        config = from_env()
    except ConfigError as error:
        refuse(str(error))
    bound = int(streamlit_config.get_option("server.port")), streamlit_config.get_option("server.address")
    if bound == (config.port, config.host):
        return
    if not os.environ.keys() & {"COCKPIT_PORT", "COCKPIT_HOST"}:
        if streamlit_config.is_manually_set("server.port"):
            os.environ["COCKPIT_PORT"] = str(bound[0])
            os.environ["COCKPIT_HOST"] = str(bound[1] or "127.0.0.1")
            return
        refuse(f"port {config.port} is busy: end what listens there, or set COCKPIT_PORT")
    os.closerange(3, 256)
    become(config)


def refuse(message: str) -> NoReturn:
    """End the process with one clear line."""
    print(f"Error: {message}", file=sys.stderr)  # noqa: T201 - the command line's own words
    sys.stderr.flush()
    os._exit(1)
